import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient, sessionQuery } from './api/session.ts'
import { activateLanguage, preferredLanguage } from './lib/i18n.ts'
import { router } from './router.tsx'
import { AriaProvider } from './shell/AriaProvider.tsx'
import './main.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

// Both are needed before anything can be shown, so they are asked for side by side.
void queryClient.prefetchQuery(sessionQuery)
await activateLanguage(preferredLanguage())

createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <AriaProvider>
          <RouterProvider router={router} />
        </AriaProvider>
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
)
