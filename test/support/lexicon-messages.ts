/** The messages of the lexicon in a language, as the catalogue has them. */
import { readCatalogues } from '../../tools/catalogues.ts'

const { messages } = readCatalogues(new URL('../../locales', import.meta.url).pathname)

export function lexiconMessages(language: string): Readonly<Record<string, string>> {
  const own = messages.filter(({ lang, file }) => lang === language && file === 'lexicon.json')
  return Object.fromEntries(own.map(({ key, text }) => [key, String(text)]))
}
