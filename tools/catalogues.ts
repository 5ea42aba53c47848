/**
 * Checks the message catalogues (`locales/<language>/*.json`, flat keys to texts):
 * every language has exactly the keys of English, file by file, no key stands in two
 * files, and each text uses the same variables as the English one. It does not judge a translation.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const SOURCE_LANGUAGE = 'en'

/** Language, then file, then key, to the text. */
export type Catalogues = ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, unknown>>>>

export function readCatalogues(folder: string): Catalogues {
  if (!existsSync(folder)) return new Map()
  const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  return new Map(languages.map(({ name }) => [name, readLanguage(path.join(folder, name))]))
}

function readLanguage(folder: string): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return new Map(
    files.map((file) => [file, JSON.parse(readFileSync(path.join(folder, file), 'utf8'))]),
  )
}

/** What is wrong, one line each. English must be there and hold a text. */
export function checkCatalogues(catalogues: Catalogues): string[] {
  const source = textsOf(catalogues.get(SOURCE_LANGUAGE) ?? new Map())
  if (source.size === 0) return [`${SOURCE_LANGUAGE} holds no text`]
  const findings = [...emptyTexts(SOURCE_LANGUAGE, source), ...definedTwice(source)]
  for (const [language, files] of catalogues) {
    if (language === SOURCE_LANGUAGE) continue
    const texts = textsOf(files)
    findings.push(...emptyTexts(language, texts), ...differences(language, texts, source))
  }
  return findings
}

type Texts = ReadonlyMap<string, unknown>

function textsOf(files: ReadonlyMap<string, Readonly<Record<string, unknown>>>): Texts {
  return new Map(
    [...files].flatMap(([file, texts]) =>
      Object.entries(texts).map(([key, text]): [string, unknown] => [`${file} ${key}`, text]),
    ),
  )
}

function emptyTexts(language: string, texts: Texts): string[] {
  return [...texts]
    .filter(([, text]) => typeof text !== 'string' || text.trim() === '')
    .map(([key]) => `${language}/${key} is not a text`)
}

/** A node does not start on such a catalogue. */
function definedTwice(source: Texts): string[] {
  const files = Map.groupBy(
    [...source.keys()].map((place) => place.split(' ')),
    ([, key]) => key,
  )
  return [...files]
    .filter(([, places]) => places.length > 1)
    .map(([key, places]) => `${key} stands in ${places.map(([file]) => file).join(' and ')}`)
}

function differences(language: string, texts: Texts, source: Texts): string[] {
  const missing = [...source.keys()].filter((key) => !texts.has(key))
  const unknown = [...texts.keys()].filter((key) => !source.has(key))
  const others = [...source].filter(
    ([key, text]) => texts.has(key) && variablesOf(texts.get(key)) !== variablesOf(text),
  )
  return [
    ...missing.map((key) => `${language}/${key} is missing`),
    ...unknown.map((key) => `${language}/${key} is not in ${SOURCE_LANGUAGE}`),
    ...others.map(([key]) => `${language}/${key} uses other variables than ${SOURCE_LANGUAGE}`),
  ]
}

/** The `$names` of a MessageFormat text, sorted. */
function variablesOf(text: unknown): string {
  const names = String(text).matchAll(/\$([\w-]+)/g)
  return [...new Set([...names].map(([, name]) => name))].sort().join(' ')
}
