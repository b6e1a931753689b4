import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

/** build/translations.ts has copies elsewhere, to see what an extraction would change. */
const folder = process.env.XENDECK_CATALOGS ?? '<rootDir>/src/locales'

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'zh-Hans'],
  fallbackLocales: { default: 'en' },
  catalogs: [{ path: `${folder}/{locale}`, include: ['src'] }],
  // Without line numbers a catalog changes only when a string does.
  format: formatter({ lineNumbers: false }),
})
