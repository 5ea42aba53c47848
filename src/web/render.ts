/**
 * Pages as a pure function: `render(page, model, context)` gives HTML. Equal
 * arguments give equal text; nothing is read from a clock, a session or a
 * database. Templates hold no logic beyond loops and choices.
 *
 * Every value is escaped, and a value that a template misses throws instead of
 * leaving a hole. Links come from routes.ts only.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import nunjucks from 'nunjucks'
import type { Door } from '../app/ports/door.ts'
import type { Because } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import { escapeHtml } from '../base/html.ts'
import type { CalendarDate, Instant } from '../base/time.ts'
import { type Bar, barChart } from './charts.ts'
import { dateTag, formatDate, formatInstant, timeTag } from './instants.ts'
import {
  type Catalogues,
  loadCatalogues,
  type Messages,
  type OnLook,
  type Values,
} from './messages.ts'
import { navigationOf } from './navigation.ts'
import { type Area, areaOf, isOfficer, type PageModels, type PageName, scopeOf } from './pages.ts'
import { commaOf, listHtml, type Phrased, phraseHtml } from './phrases.ts'
import {
  doorOf,
  doorOfMachine,
  linkTo,
  type MachineRouteName,
  machineLink,
  type RouteName,
  type RouteParams,
} from './routes.ts'
import type { PageContext } from './site.ts'
import { labelFor, toneOf, wordFor } from './words.ts'

export type RendererOptions = {
  readonly localesFolder: string
  /** Searched in this order: Comity's views, then govuk-frontend's templates. */
  readonly viewsFolders: readonly string[]
  /** What the build wrote as `dist/assets/manifest.json`. */
  readonly manifest: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>
  readonly onLook?: OnLook
}

export type Renderer = {
  readonly render: <P extends PageName>(
    page: P,
    model: PageModels[P],
    context: PageContext,
  ) => string
  readonly catalogues: Catalogues
  /** SHA-256 of a built file, hex. */
  readonly assetDigest: (name: string) => string
}

export function createRenderer(options: RendererOptions): Renderer {
  const catalogues = loadCatalogues(options.localesFolder, options.onLook)
  // A page is rendered in one synchronous turn, so the context of that turn can
  // be a variable; macros, which see no page variables, reach it as globals.
  let turn: { context: PageContext; messages: Messages } | undefined
  const current = () => {
    invariant(turn, 'a page is being rendered')
    return turn
  }

  const loader = new nunjucks.FileSystemLoader([...options.viewsFolders], { noCache: false })
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: true })
  for (const [name, value] of Object.entries(globals(options.manifest, catalogues, current))) {
    environment.addGlobal(name, value)
  }

  return {
    catalogues,
    assetDigest: (name) => assetOf(options.manifest, name).sha256,
    render(page, model, context) {
      const scope = scopeOf(page, context.signedIn)
      const messages = catalogues.messagesFor(context.lang, scope)
      const area = areaOf(page)
      turn = { context, messages }
      try {
        const html = environment.render(`${page}/view.njk`, { model, context, page, area, scope })
        return withDirection(html, messages)
      } finally {
        turn = undefined
      }
    },
  }
}

export function readManifest(file: string): RendererOptions['manifest'] {
  return JSON.parse(readFileSync(file, 'utf8')) as RendererOptions['manifest']
}

/** The text of a built file, for a page that carries it inside. */
export function readAsset(folder: string, manifest: RendererOptions['manifest'], name: string) {
  return readFileSync(path.join(folder, assetOf(manifest, name).file), 'utf8')
}

/** The official template has no place for `dir` on its root element. */
function withDirection(html: string, { lang, dir }: Messages): string {
  const start = html.indexOf('<html lang=')
  invariant(start >= 0 && start < 200, 'a page starts with its root element')
  const languages = `<html dir="${dir}" lang="${lang}"`
  const rest = html.slice(start).replace(/^<html lang="[^"]*"/, languages)
  return `<!DOCTYPE html>\n${rest}`
}

type Turn = { readonly context: PageContext; readonly messages: Messages }

function globals(
  manifest: RendererOptions['manifest'],
  catalogues: Catalogues,
  current: () => Turn,
) {
  const ownMessages = ({ context }: Turn) => catalogues.messagesFor(context.lang, 'public')
  const safe = (html: string) => new nunjucks.runtime.SafeString(html)
  const lang = () => current().messages.lang
  const zone = () => current().context.site.zone
  const originOf = (door: Door | undefined) =>
    (door && current().context.site.elsewhere[door]) ?? ''
  return {
    t: (key: string, values?: Values) => current().messages.t(key, values),
    has: (key: string) => current().messages.has(key),
    label: (key: string) => labelFor(current().messages, key),
    dir: () => current().messages.dir,
    spoken: lang,
    // Where a page has no words in the language of its address, this says so in that language.
    inOwnLanguage: (key: string) => ownMessages(current()).t(key),
    ownDir: () => ownMessages(current()).dir,
    isReviewed: () => catalogues.safetyTextsOf(lang()) !== 'notReviewed',
    word: (group: string, code: string) => wordFor(current().messages, group, code),
    tone: toneOf,
    link: (name: RouteName, params?: RouteParams) =>
      originOf(doorOf(name)) + linkTo(current().context.lang, name, params),
    linkIn: (path: string, other: string) => `/${encodeURIComponent(other)}${path}`,
    machine: (name: MachineRouteName, params?: RouteParams) =>
      originOf(doorOfMachine(name)) + machineLink(name, params),
    navigation: (page: PageName, area: Area) =>
      navigationOf(page, area, current().context.signedIn?.roles),
    languageName,
    because: (reason: Because) => translated(current(), reason),
    instant: (at: Instant) => safe(timeTag(at, zone(), lang())),
    date: (on: CalendarDate) => safe(dateTag(on, lang())),
    plainInstant: (at: Instant) => formatInstant(at, zone(), lang()),
    plainDate: (on: CalendarDate) => formatDate(on, lang()),
    // A message whose values are marked up: `instant(…)`, `date(…)`, `named(…)`.
    phrase: (key: string, values: Phrases) =>
      safe(phraseHtml(current().messages, key, phrasesOf(values))),
    comma: () => commaOf(lang()),
    named: (name: string, other?: string) => safe(named(name, other)),
    namesOf: (names: readonly (string | number)[], other?: string) =>
      safe(
        listHtml(
          names.map((name) => named(name, other)),
          lang(),
        ),
      ),
    wordsOf: (group: string, codes: readonly string[]) => {
      const words = codes.map((code) => escapeHtml(wordFor(current().messages, group, code)))
      return safe(listHtml(words, lang()))
    },
    number: (value: number) => new Intl.NumberFormat(lang()).format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(lang(), { style: 'percent', maximumFractionDigits: 0 }).format(share),
    bytes: (size: number) => sizeText(size, lang()),
    chart: (title: string, description: string, id: string, bars: readonly Bar[]) =>
      safe(
        barChart({ title, description, id, bars, hidden: current().messages.t('chart.hidden') }),
      ),
    asset: (name: string) => machineLink('assets', { file: assetOf(manifest, name).file }),
    assetDigest: (name: string) => assetOf(manifest, name).sha256,
    stylesheet: (name: string) => {
      const file = current().messages.dir === 'rtl' ? `${name}.rtl.css` : `${name}.css`
      return machineLink('assets', { file: assetOf(manifest, file).file })
    },
  }
}

/** A language in its own words. */
function languageName(lang: string): string {
  if (lang.endsWith('-XA') || lang.endsWith('-XB')) return lang
  const name = new Intl.DisplayNames(lang, { type: 'language' }).of(lang) ?? lang
  return name.charAt(0).toLocaleUpperCase(lang) + name.slice(1)
}

type Phrases = Readonly<Record<string, string | number | nunjucks.runtime.SafeString>>

function phrasesOf(values: Phrases): Phrased {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof nunjucks.runtime.SafeString ? { html: value.toString() } : value,
    ]),
  )
}

function named(name: string | number, lang?: string): string {
  const spoken = lang === undefined ? '' : ` lang="${escapeHtml(lang)}"`
  return `<bdi${spoken}>${escapeHtml(String(name))}</bdi>`
}

/**
 * Reasons are written in English. Officers who read English see them as they are, with
 * their numbers and dates; everybody else sees what the catalogue says about the rule, or
 * about its group (`order` for `order:7f…`).
 */
function translated({ context, messages }: Turn, { rule, text, source }: Because) {
  const isPlain = messages.lang === 'en' && isOfficer(context.signedIn)
  const keys = isPlain ? [] : [`rule.${rule}`, `rule.${rule.split(':')[0]}`]
  const key = keys.find(messages.has)
  const known = key === undefined ? { text, lang: 'en' } : { text: messages.t(key) }
  return { ...known, rule, source }
}

export function assetOf(manifest: RendererOptions['manifest'], name: string) {
  const asset = manifest[name]
  invariant(asset, `the build made ${name}`)
  return asset
}

const SIZE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

function sizeText(size: number, lang: string): string {
  const power = Math.min(SIZE_UNITS.length - 1, size < 1 ? 0 : Math.floor(Math.log10(size) / 3))
  const unit = SIZE_UNITS[power] ?? 'byte'
  const unitDisplay = unit === 'byte' ? 'long' : 'short'
  const format = { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(lang, format).format(size / 1000 ** power)
}
