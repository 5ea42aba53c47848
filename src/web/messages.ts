/**
 * Message catalogues: flat keys to MessageFormat 2 texts, rendered on the server
 * only. They stand in two scopes (`locales/<language>/public/*.json` and
 * `locales/<language>/officers/*.json`): what reporters, the public and people from
 * outside read, and what only officers read. `locales/languages.json` says in which
 * scopes a language is offered; whatever is not offered is shown in English.
 *
 * A missing key or a missing value throws: a page never shows a key. A page of the
 * public scope has the public texts alone. Two pseudo-languages are made from
 * English: `en-XA` (accented and 40 % longer) shows text that escaped the catalogues
 * and layouts that are too tight; `ar-XB` (as long, mirrored, right to left) shows what
 * assumes a direction. Neither is offered by a node in service.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { MessageFormat, type Model, parseMessage } from 'messageformat'
import { invariant } from '../base/errors.ts'

export type Values = Readonly<Record<string, string | number>>

export const SCOPES = ['public', 'officers'] as const
/** Officers have the public texts too. */
export type Scope = (typeof SCOPES)[number]

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

/** Where nobody checked a translation of what reporters are promised, its pages say so. */
export type SafetyTexts =
  | 'source'
  | 'notReviewed'
  | { readonly reviewedBy: string; readonly reviewedOn: string }

export type Catalogues = {
  /** Offered in a scope, without the pseudo-languages. */
  readonly languagesOf: (scope: Scope) => readonly string[]
  /** English where the language is not offered in the scope. Throws for an unknown language. */
  readonly messagesFor: (lang: string, scope: Scope) => Messages
  readonly safetyTextsOf: (lang: string) => SafetyTexts
}

type Language = { readonly offered: readonly Scope[]; readonly safetyTexts: SafetyTexts }
type Languages = Readonly<Record<string, Language>>

/** Told of every look for a key: tests find out by it what a page says. */
export type OnLook = (look: {
  readonly scope: Scope
  readonly key: string
  readonly isKnown: boolean
}) => void

/**
 * Reads every offered catalogue below `localesFolder`. An offered language with other
 * keys than English stops the start.
 */
export function loadCatalogues(localesFolder: string, onLook?: OnLook): Catalogues {
  const languages = languagesIn(localesFolder)
  const textsOf = textsReader(localesFolder, languages)

  const made = new Map<string, Messages>()
  return {
    languagesOf: (scope) =>
      Object.keys(languages).filter((lang) => languages[lang]?.offered.includes(scope)),
    safetyTextsOf: (lang) => languages[lang]?.safetyTexts ?? 'source',
    messagesFor(lang, scope) {
      const isPseudo = (PSEUDO_LANGUAGES as readonly string[]).includes(lang)
      invariant(isPseudo || languages[lang], `language ${lang} is known`)
      const isOffered = isPseudo || languages[lang]?.offered.includes(scope)
      const spoken = isOffered ? lang : SOURCE_LANGUAGE
      const key = `${spoken} ${scope}`
      const known =
        made.get(key) ??
        messagesOf(spoken, textsOf(isPseudo ? SOURCE_LANGUAGE : spoken, scope), (look) =>
          onLook?.({ scope, ...look }),
        )
      made.set(key, known)
      return known
    },
  }
}

/** Every known language, whether it is offered or not. */
export function languagesIn(localesFolder: string): Languages {
  const file = path.join(localesFolder, 'languages.json')
  return JSON.parse(readFileSync(file, 'utf8')) as Languages
}

/** The texts of offered languages, read and compared with English at once. */
function textsReader(localesFolder: string, languages: Languages) {
  const readScope = (lang: string, scope: Scope) =>
    new Map(readTexts(path.join(localesFolder, lang, scope)))
  const source = new Map(SCOPES.map((scope) => [scope, readScope(SOURCE_LANGUAGE, scope)]))
  const texts = new Map<string, Texts>()
  for (const [lang, { offered }] of Object.entries(languages)) {
    for (const scope of offered) {
      const own = readScope(lang, scope)
      requireSameKeys(lang, source.get(scope) ?? new Map(), own)
      texts.set(`${lang} ${scope}`, own)
    }
  }
  const both = new Map<string, Texts>()
  return (lang: string, scope: Scope): Texts => {
    const inPublic = texts.get(`${lang} public`)
    invariant(inPublic, `language ${lang} is offered to the public first`)
    if (scope === 'public') return inPublic
    const known = both.get(lang) ?? joined(inPublic, texts.get(`${lang} officers`) ?? new Map())
    both.set(lang, known)
    return known
  }
}

function joined(inPublic: Texts, ofOfficers: Texts): Texts {
  for (const key of ofOfficers.keys()) {
    invariant(!inPublic.has(key), `message ${key} is in one scope`)
  }
  return new Map([...inPublic, ...ofOfficers])
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

type Look = { readonly key: string; readonly isKnown: boolean }

function messagesOf(lang: string, texts: Texts, onLook: (look: Look) => void): Messages {
  const dir = RTL.has(lang.split('-')[0] ?? lang) ? 'rtl' : 'ltr'
  // A text without placeholders is formatted once and kept as text.
  const compiled = new Map<string, MessageFormat | string>()
  return {
    lang,
    dir,
    has(key) {
      onLook({ key, isKnown: texts.has(key) })
      return texts.has(key)
    },
    t(key, values) {
      onLook({ key, isKnown: texts.has(key) })
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

/** Shows each run of letters from right to left, as a right-to-left script would stand, and longer. */
function mirrored(text: string): string {
  return accented(text).replaceAll(/[^\s]+/g, (word) => `\u202e${word}\u202c`)
}
