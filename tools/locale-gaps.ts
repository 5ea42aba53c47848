/**
 * What is missing or stale in each language, and the way in for translations:
 *
 *   node tools/locale-gaps.ts                        how much each language lacks
 *   node tools/locale-gaps.ts fr public              what French lacks there, as JSON
 *   node tools/locale-gaps.ts fr public --take FILE  takes `{"key": "text", …}` in
 *
 * A translation with a fault is not taken; the others are. With `--listed FILE` (what
 * the second form printed) a message whose English text changed meanwhile is not taken.
 * docs/translating.md tells the whole way.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import {
  type Catalogues,
  digestOf,
  gapsOf,
  type Message,
  pluralsOf,
  readCatalogues,
  SCOPES,
  SOURCE_LANGUAGE,
  TRANSLATED_FROM,
  translationFault,
} from './catalogues.ts'

const root = path.join(import.meta.dirname, '..')

export function overview(catalogues: Catalogues): string[] {
  return Object.entries(catalogues.languages).flatMap(([lang, { offered }]) =>
    lang === SOURCE_LANGUAGE
      ? []
      : SCOPES.map((scope) => {
          const { missing, stale, superfluous, faulty } = gapsOf(catalogues, lang, scope)
          const counts = `${missing.length} missing, ${stale.length} stale, ${superfluous.length} superfluous, ${faulty.length} faulty`
          return `${lang} ${scope}: ${counts}${offered.includes(scope) ? ' (offered)' : ''}`
        }),
  )
}

/** As a translator takes it: English texts by key, and what a stale one said. */
export function listing(catalogues: Catalogues, lang: string, scope: string) {
  const { missing, stale, superfluous, faulty } = gapsOf(catalogues, lang, scope)
  return {
    language: lang,
    scope,
    plurals: [...pluralsOf(lang), '*'],
    missing: Object.fromEntries(missing.map(({ key, text }) => [key, text])),
    stale: Object.fromEntries(stale.map(({ key, text, was }) => [key, { en: text, was }])),
    superfluous,
    faulty,
  }
}

type Listed = Partial<Pick<ReturnType<typeof listing>, 'missing' | 'stale'>>

export type Taken = {
  readonly texts: ReadonlyMap<string, string>
  readonly refused: readonly string[]
}

/** What of a file of translations can stand. */
export function takeIn(
  catalogues: Catalogues,
  lang: string,
  given: Readonly<Record<string, unknown>>,
  listed?: Listed,
): Taken {
  const source = sourceByKey(catalogues)
  const texts = new Map<string, string>()
  const refused: string[] = []
  for (const [key, text] of Object.entries(given)) {
    const english = source.get(key)
    const fault =
      english === undefined
        ? `is not in ${SOURCE_LANGUAGE}`
        : hasChanged(key, english, listed)
          ? 'has another English text by now'
          : translationFault(lang, String(english.text), text)
    if (fault === undefined) texts.set(key, String(text))
    else refused.push(`${key} ${fault}`)
  }
  return { texts, refused }
}

function hasChanged(key: string, { text }: Message, listed?: Listed): boolean {
  if (listed === undefined) return false
  return (listed.missing?.[key] ?? listed.stale?.[key]?.en) !== text
}

function sourceByKey({ messages }: Catalogues): ReadonlyMap<string, Message> {
  const source = messages.filter(({ lang }) => lang === SOURCE_LANGUAGE)
  return new Map(source.map((message) => [message.key, message]))
}

/** The files of a language in the order of the English ones; what English lost goes. */
export function filesOf(catalogues: Catalogues, lang: string, texts: ReadonlyMap<string, string>) {
  const own = new Map(
    catalogues.messages.filter((one) => one.lang === lang).map(({ key, text }) => [key, text]),
  )
  const from = catalogues.translatedFrom.get(lang) ?? {}
  const files = new Map<string, Record<string, unknown>>()
  const digests: Record<string, string> = {}
  for (const { key, text, scope, file } of sourceByKey(catalogues).values()) {
    const mine = texts.get(key) ?? own.get(key)
    if (mine === undefined) continue
    const place = path.join(scope, file)
    files.set(place, { ...files.get(place), [key]: mine })
    digests[key] = texts.has(key) ? digestOf(String(text)) : (from[key] ?? '')
  }
  const sorted = Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1))
  return files.set(TRANSLATED_FROM, Object.fromEntries(sorted))
}

function writeLanguage(lang: string, catalogues: Catalogues, texts: Taken['texts']): void {
  const folder = path.join(root, 'locales', lang)
  for (const scope of SCOPES) rmSync(path.join(folder, scope), { recursive: true, force: true })
  for (const [place, content] of filesOf(catalogues, lang, texts)) {
    mkdirSync(path.dirname(path.join(folder, place)), { recursive: true })
    writeFileSync(path.join(folder, place), `${JSON.stringify(content, null, 2)}\n`)
  }
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { take: { type: 'string' }, listed: { type: 'string' } },
  })
  const catalogues = readCatalogues(path.join(root, 'locales'))
  const [lang, scope = 'public'] = positionals
  if (lang === undefined) {
    for (const line of overview(catalogues)) console.log(line)
    return 0
  }
  if (catalogues.languages[lang] === undefined || !(SCOPES as readonly string[]).includes(scope)) {
    console.error(`${lang} ${scope} is no language and scope of locales/languages.json`)
    return 2
  }
  if (values.take === undefined) {
    console.log(JSON.stringify(listing(catalogues, lang, scope), null, 2))
    return 0
  }
  const listed = values.listed === undefined ? undefined : (readJson(values.listed) as Listed)
  const taken = takeIn(catalogues, lang, readJson(values.take), listed)
  if (taken.texts.size > 0) writeLanguage(lang, catalogues, taken.texts)
  for (const line of taken.refused) console.error(line)
  console.log(`${taken.texts.size} taken, ${taken.refused.length} refused`)
  return taken.refused.length > 0 ? 1 : 0
}

function readJson(file: string): Record<string, unknown> {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`)
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
}

if (import.meta.main) process.exitCode = main()
