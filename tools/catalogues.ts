/**
 * Checks the message catalogues (`locales/<language>/<scope>/*.json`, flat keys to
 * MessageFormat texts). English is the source. A language offered in a scope
 * (`locales/languages.json`) has exactly the messages of English there, each with the
 * same values and every plural of the language, and each translated from the English
 * text as it is now (`locales/<language>/translated-from.json` keeps a digest of it).
 * It does not judge a translation.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Model, parseMessage } from 'messageformat'

export const SOURCE_LANGUAGE = 'en'
export const SCOPES = ['public', 'officers'] as const

export type Message = {
  readonly lang: string
  readonly scope: string
  readonly file: string
  readonly key: string
  readonly text: unknown
}

export type Catalogues = {
  readonly languages: Readonly<Record<string, { readonly offered: readonly string[] }>>
  readonly messages: readonly Message[]
  /** By language: a digest of the English text that each message was translated from. */
  readonly translatedFrom: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** Files that stand in no scope. */
  readonly astray: readonly string[]
}

export const TRANSLATED_FROM = 'translated-from.json'

export function readCatalogues(folder: string): Catalogues {
  const readJson = (...parts: readonly string[]) =>
    JSON.parse(readFileSync(path.join(folder, ...parts), 'utf8')) as Record<string, never>
  const languages = existsSync(path.join(folder, 'languages.json'))
    ? readJson('languages.json')
    : {}
  const known = Object.keys(languages).filter((lang) => existsSync(path.join(folder, lang)))
  const jsonIn = (...parts: readonly string[]) =>
    existsSync(path.join(folder, ...parts))
      ? readdirSync(path.join(folder, ...parts)).filter((name) => name.endsWith('.json'))
      : []
  const messages = known.flatMap((lang) =>
    SCOPES.flatMap((scope) =>
      jsonIn(lang, scope).flatMap((file) =>
        Object.entries(readJson(lang, scope, file)).map(([key, text]) => ({
          ...{ lang, scope, file },
          ...{ key, text },
        })),
      ),
    ),
  )
  const from = known.filter((lang) => existsSync(path.join(folder, lang, TRANSLATED_FROM)))
  return {
    languages,
    messages,
    translatedFrom: new Map(from.map((lang) => [lang, readJson(lang, TRANSLATED_FROM)])),
    astray: known.flatMap((lang) =>
      jsonIn(lang)
        .filter((file) => file !== TRANSLATED_FROM)
        .map((file) => `${lang}/${file}`),
    ),
  }
}

/** What is wrong, one line each. English must be there and hold a text. */
export function checkCatalogues(catalogues: Catalogues): string[] {
  const source = catalogues.messages.filter(({ lang }) => lang === SOURCE_LANGUAGE)
  if (source.length === 0) return [`${SOURCE_LANGUAGE} holds no text`]
  const faults = source.flatMap((message) => {
    const fault = faultOf(message.text)
    return fault === undefined ? [] : [`${placeOf(message)} ${fault}`]
  })
  const offers = Object.entries(catalogues.languages).flatMap(([lang, { offered }]) =>
    lang === SOURCE_LANGUAGE ? [] : offered.map((scope) => ({ lang, scope })),
  )
  return [
    ...catalogues.astray.map(adviceFor),
    ...faults,
    ...definedTwice(source),
    ...offers.flatMap(({ lang, scope }) => findingsOf(catalogues, lang, scope)),
  ]
}

function adviceFor(file: string): string {
  const [lang = '', name = ''] = file.split('/')
  return (
    `locales/${file} stands in no scope: put it in locales/${lang}/public/${name} if reporters, ` +
    `the public or people from outside read its words, else in locales/${lang}/officers/${name}`
  )
}

const placeOf = ({ lang, scope, file, key }: Message) => `${lang}/${scope}/${file} ${key}`

/** A node does not start on such a catalogue. */
function definedTwice(source: readonly Message[]): string[] {
  const places = Map.groupBy(source, ({ key }) => key)
  return [...places]
    .filter(([, all]) => all.length > 1)
    .map(
      ([key, all]) =>
        `${key} stands in ${all.map(({ scope, file }) => `${scope}/${file}`).join(' and ')}`,
    )
}

function findingsOf(catalogues: Catalogues, lang: string, scope: string): string[] {
  const { missing, stale, superfluous, faulty } = gapsOf(catalogues, lang, scope)
  const line = (why: string) => (key: string) => `${lang}/${scope} ${key} ${why}`
  return [
    ...missing.map(({ key }) => line('is missing')(key)),
    ...stale.map(({ key }) => line('was translated from an older English text')(key)),
    ...superfluous.map(line(`is not in ${SOURCE_LANGUAGE}`)),
    ...faulty.map(({ key, fault }) => line(fault)(key)),
  ]
}

export type Gaps = {
  readonly missing: readonly Message[]
  readonly stale: readonly (Message & { readonly was: string })[]
  readonly superfluous: readonly string[]
  readonly faulty: readonly { readonly key: string; readonly fault: string }[]
}

/** What a translator has to do. `missing` and `stale` are English messages. */
export function gapsOf(catalogues: Catalogues, lang: string, scope: string): Gaps {
  const of = (language: string) =>
    new Map(
      catalogues.messages
        .filter((one) => one.lang === language && one.scope === scope)
        .map((one) => [one.key, one]),
    )
  const [source, own] = [of(SOURCE_LANGUAGE), of(lang)]
  const from = catalogues.translatedFrom.get(lang) ?? {}
  const translated = [...source.values()].filter(({ key }) => own.has(key))
  return {
    missing: [...source.values()].filter(({ key }) => !own.has(key)),
    stale: translated
      .filter(({ key, text }) => from[key] !== digestOf(String(text)))
      .map((message) => ({ ...message, was: String(own.get(message.key)?.text) })),
    superfluous: [...own.keys()].filter((key) => !source.has(key)),
    faulty: translated.flatMap(({ key, text }) => {
      const fault = translationFault(lang, String(text), own.get(key)?.text)
      return fault === undefined ? [] : [{ key, fault }]
    }),
  }
}

/** Short: it tells texts apart, it proves nothing. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Why a text cannot stand for the English one; `undefined`: it can. */
export function translationFault(lang: string, source: string, text: unknown): string | undefined {
  const fault = faultOf(text)
  if (fault !== undefined) return fault
  if (variablesOf(text) !== variablesOf(source)) {
    return `uses other values than ${SOURCE_LANGUAGE}: ${variablesOf(source) || 'none'}`
  }
  const [first, second] = [parseMessage(source), parseMessage(String(text))]
  if (first.type === 'select' && second.type !== 'select') return 'chooses no plural'
  const absent = pluralsOf(lang).filter((plural) => !namesPlural(second, plural))
  return absent.length > 0 ? `has no plural ${absent.join(', ')}` : undefined
}

function faultOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.trim() === '') return 'is not a text'
  try {
    parseMessage(text)
    return undefined
  } catch (error) {
    return `cannot be parsed: ${error instanceof Error ? error.message : 'unknown'}`
  }
}

/** In these `many` is said of whole millions only. */
const MANY_MEANS_MILLIONS = new Set(['fr', 'es', 'it', 'pt'])

/** What a text that depends on a number must tell apart; `*` stands for the rest. */
export function pluralsOf(lang: string): string[] {
  const { pluralCategories } = new Intl.PluralRules(lang).resolvedOptions()
  return pluralCategories.filter(
    (one) => one !== 'other' && !(one === 'many' && MANY_MEANS_MILLIONS.has(lang)),
  )
}

function namesPlural(message: Model.Message, plural: string): boolean {
  if (message.type !== 'select' || message.selectors.length > 1) return true
  const isNumber = message.declarations.some(
    (one) => one.type === 'input' && one.value.functionRef?.name === 'number',
  )
  const keys = message.variants.flatMap((one) => one.keys)
  return !isNumber || keys.some((key) => key.type === 'literal' && key.value === plural)
}

/** The `$names` of a MessageFormat text, sorted. */
function variablesOf(text: unknown): string {
  const names = String(text).matchAll(/\$([\w-]+)/g)
  return [...new Set([...names].map(([, name]) => name))].sort().join(' ')
}
