import { i18n } from '@lingui/core'
import { messages as english } from '../locales/en.po'
import { readStorage, writeStorage } from './storage.ts'

/** Every language that XenDeck speaks, in its own name. */
export const languages = { en: 'English', 'zh-Hans': '简体中文' } as const
export type Language = keyof typeof languages

const storageKey = 'xendeck.language'

function isLanguage(value: string | null): value is Language {
  return value !== null && value in languages
}

/** The one chosen here before, else the first of the browser's that XenDeck has, else English. */
export function preferredLanguage(): Language {
  const stored = readStorage(storageKey)
  if (isLanguage(stored)) return stored
  for (const wanted of navigator.languages) {
    if (wanted.toLowerCase().startsWith('zh')) return 'zh-Hans'
    if (wanted.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}

/** Loads a language's catalog and shows everything in it. English comes with the app: it is what others fall back to. */
export async function activateLanguage(language: Language): Promise<void> {
  const messages =
    language === 'zh-Hans' ? (await import('../locales/zh-Hans.po')).messages : english
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
}

export async function chooseLanguage(language: Language): Promise<void> {
  await activateLanguage(language)
  writeStorage(storageKey, language)
}
