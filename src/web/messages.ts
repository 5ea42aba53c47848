/**
 * Message catalogues: flat keys to MessageFormat 2 texts, one folder a language
 * (`locales/en/*.json`), rendered on the server only.
 *
 * A missing key or a missing value throws: a page never shows a key. Two
 * pseudo-languages are made from English: `en-XA` (accented and 40 % longer)
 * shows text that escaped the catalogues and layouts that are too tight; `ar-XB`
 * (mirrored, right to left) shows what assumes a direction. Neither is offered
 * by a node in service.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { MessageFormat, type Model, parseMessage } from 'messageformat'
import { invariant } from '../base/errors.ts'

export type Values = Readonly<Record<string, string | number>>

export type Messages = {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** The text of a key. Throws for an unknown key or a value that is not given. */
  readonly t: (key: string, values?: Values) => string
  readonly has: (key: string) => boolean
}

export const PSEUDO_LANGUAGES = ['en-XA', 'ar-XB'] as const
const SOURCE_LANGUAGE = 'en'
const RTL = new Set(['ar', 'fa', 'he', 'ur'])

export type Catalogues = {
  /** Complete languages, without the pseudo-languages. */
  readonly languages: readonly string[]
  /** Throws for a language that is neither complete nor a pseudo-language. */
  readonly messagesFor: (lang: string) => Messages
}

/**
 * Reads every catalogue below `localesFolder`. A language with other keys than
 * English is not complete and stops the start.
 */
export function loadCatalogues(localesFolder: string): Catalogues {
  const languages = readdirSync(localesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  const texts = new Map(languages.map((lang) => [lang, readTexts(path.join(localesFolder, lang))]))
  const source = texts.get(SOURCE_LANGUAGE)
  invariant(source, 'the English catalogue is there')
  for (const [lang, of] of texts) requireSameKeys(lang, source, of)

  const made = new Map<string, Messages>()
  return {
    languages,
    messagesFor(lang) {
      const known =
        made.get(lang) ?? messagesOf(lang, texts.get(lang) ?? pseudoSource(lang, source))
      made.set(lang, known)
      return known
    },
  }
}

function pseudoSource(lang: string, source: Texts): Texts {
  const isPseudo = (PSEUDO_LANGUAGES as readonly string[]).includes(lang)
  invariant(isPseudo, `language ${lang} is offered`)
  return source
}

type Texts = ReadonlyMap<string, string>

function readTexts(folder: string): Texts {
  const texts = new Map<string, string>()
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  for (const file of files.sort()) {
    const entries = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object
    for (const [key, text] of Object.entries(entries)) {
      invariant(typeof text === 'string', `message ${key} of ${file} is text`)
      invariant(!texts.has(key), `message ${key} is defined once`)
      texts.set(key, text)
    }
  }
  return texts
}

function requireSameKeys(lang: string, source: Texts, texts: Texts): void {
  for (const key of source.keys()) invariant(texts.has(key), `${lang} has the message ${key}`)
  for (const key of texts.keys()) invariant(source.has(key), `${lang} has no message beyond ${key}`)
}

function messagesOf(lang: string, texts: Texts): Messages {
  const dir = RTL.has(lang.split('-')[0] ?? lang) ? 'rtl' : 'ltr'
  // A text without placeholders is formatted once and kept as text.
  const compiled = new Map<string, MessageFormat | string>()
  return {
    lang,
    dir,
    has: (key) => texts.has(key),
    t(key, values) {
      const known = compiled.get(key)
      if (typeof known === 'string') return known
      if (known !== undefined) return format(key, known, values)
      const text = texts.get(key)
      invariant(text !== undefined, `the catalogue has the message ${key}`)
      const message = transformed(parseMessage(text), TRANSFORMS[lang])
      const formatter = new MessageFormat(lang, message)
      const isConstant = message.type === 'message' && message.pattern.every(isText)
      compiled.set(key, isConstant ? formatter.format() : formatter)
      return format(key, formatter, values)
    },
  }
}

const isText = (part: Model.Pattern[number]) => typeof part === 'string'

function format(key: string, formatter: MessageFormat, values: Values | undefined): string {
  return formatter.format(values, (error) => {
    throw new Error(`message ${key}: ${String(error)}`, { cause: error })
  })
}

const TRANSFORMS: Readonly<Record<string, (text: string) => string>> = {
  'en-XA': accented,
  'ar-XB': mirrored,
}

function transformed(message: Model.Message, transform?: (text: string) => string): Model.Message {
  if (transform === undefined) return message
  const inPattern = (pattern: Model.Pattern) =>
    pattern.map((part) => (typeof part === 'string' ? transform(part) : part))
  if (message.type === 'message') return { ...message, pattern: inPattern(message.pattern) }
  const variants = message.variants.map((v) => ({ ...v, value: inPattern(v.value) }))
  return { ...message, variants }
}

const ACCENTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...'aAcCdDeEgGhHiIjJkKlLnNoOrRsStTuUwWyYzZ'].map((plain, index) => [
    plain,
    [...'åÅçÇðÐéÉĝĜĥĤîÎĵĴķĶļĻñÑöÖŕŔšŠţŢûÛŵŴýÝžŽ'][index] ?? plain,
  ]),
)

/** Every letter that can takes an accent; two letters in five are said twice. */
function accented(text: string): string {
  let letters = 0
  return text.replaceAll(/[A-Za-z]/g, (letter) => {
    const accent = ACCENTS[letter] ?? letter
    letters += 1
    return letters % 5 === 2 || letters % 5 === 4 ? accent + accent : accent
  })
}

/** Shows each run of letters from right to left, as a right-to-left script would stand. */
function mirrored(text: string): string {
  return text.replaceAll(/[^\s]+/g, (word) => `\u202e${word}\u202c`)
}
