/** The messages of the lexicon in a language, as the catalogue has them. */
import { readFileSync } from 'node:fs'

export function lexiconMessages(language: string): Readonly<Record<string, string>> {
  const file = new URL(`../../locales/${language}/lexicon.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
}
