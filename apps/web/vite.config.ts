import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './build/precompress.ts'

/** Where `vite dev` finds the BFF. */
const bff = process.env.XENDECK_BFF ?? 'http://127.0.0.1:8080'

export default defineConfig({
  // Relative, so that one build can be mounted at any sub-path: the server writes the mount into <base href>.
  base: './',
  plugins: [
    react(),
    lingui(),
    babel({ presets: [linguiTransformerBabelPreset()] }),
    tailwindcss(),
    precompress(),
  ],
  server: { proxy: { '/api': { target: bff, ws: true } } },
  build: {
    target: 'es2024',
    // Knows light-dark(), which the tokens rest on.
    cssTarget: ['chrome125', 'firefox128', 'safari18'],
    // A data: script or style would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few and large: the first screen is a handful of requests. Consoles, the gallery and the pages stay apart.
          groups: [
            {
              name: 'vendor',
              test: /rolldown.runtime|node_modules[\\/](?!@novnc|@xterm)/,
              priority: 2,
            },
            {
              name: 'app',
              test: /packages[\\/]|src[\\/](api|lib|shell|features[\\/](?!console))/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
})
