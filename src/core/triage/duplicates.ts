/**
 * Are two reports about the same thing? Compared after opening, inside one node, and
 * only advised: an officer says whether they are duplicates.
 *
 * What it reads: identifiers, addresses, names of systems, and within one language the
 * likeness of the texts (shared runs of three words, or of two characters where a script
 * does not part its words). Across languages it reads no meaning: it sees identifiers,
 * addresses, names and numbers only, and says so. A paraphrase without any of them is
 * not found, in no language.
 */
import type { AdmittedReport } from './admitted-report.ts'

export type MatchText = {
  /** BCP 47 or ISO 639; undefined if nobody said. */
  readonly language?: string
  readonly title: string
  readonly description: string
  /** Names of the systems concerned, as written, with their versions. */
  readonly systems?: readonly string[]
  readonly references?: readonly string[]
  /** Identifiers given beside the text. */
  readonly identifiers?: readonly string[]
}

/** What is compared: made once for a report, holds no running text. */
export type Fingerprint = {
  readonly language: string | undefined
  readonly identifiers: ReadonlySet<string>
  readonly addresses: ReadonlySet<string>
  readonly systems: ReadonlySet<string>
  readonly numbers: ReadonlySet<string>
  readonly shingles: ReadonlySet<string>
  /** Words of the title. */
  readonly title: ReadonlySet<string>
}

export type MatchReason =
  | 'sameIdentifier'
  | 'sameAddress'
  | 'sameSystem'
  | 'sameNumbers'
  | 'likeText'
  | 'otherIdentifier'
  | 'otherSystem'

export type Match = {
  /** Worth an officer's look as a duplicate. */
  readonly isHit: boolean
  readonly likeness: 'same' | 'related' | 'none'
  /** 0 to 1; of the texts, or undefined where they were not compared. */
  readonly textLikeness: number | undefined
  readonly reasons: readonly { readonly reason: MatchReason; readonly values: readonly string[] }[]
  readonly limits: readonly ('languagesDiffer' | 'textTooShort')[]
}

export const MATCH_CHARACTERS_MAX = 20_000
export const MATCH_LIST_MAX = 200
const ENTRY_CHARACTERS_MAX = 2_000
const SHINGLES_MIN = 8
const VALUES_SHOWN = 5
/** Chosen on published records of AVID; `docs/duplicates.md` has the figures. */
const LIKE = 0.6
const SOMEWHAT_LIKE = 0.35
/** Nearly a copy: no title tells such texts apart. */
const COPIED = 0.85
const TITLE_LIKE = 0.5

export function fingerprint(report: MatchText): Fingerprint {
  const { title, description } = report
  const systems = bounded(report.systems)
  const references = bounded(report.references)
  const identifiers = bounded(report.identifiers)
  const text = `${title}\n${description}`.slice(0, MATCH_CHARACTERS_MAX).normalize('NFKC')
  const everywhere = [text, ...references, ...identifiers].join('\n')
  return {
    language: languageOf(report.language),
    identifiers: new Set(identifiersIn(everywhere)),
    addresses: new Set([...references, ...addressesIn(text)].flatMap(addressOf)),
    systems: new Set(systems.map(nameOf).filter((name) => name.length > 1)),
    numbers: new Set(numbersIn(text)),
    shingles: new Set(shinglesOf(text)),
    title: new Set(wordsOf(title.slice(0, 1000).normalize('NFKC'))),
  }
}

export function matchTextOf(report: AdmittedReport): MatchText {
  const { title, description, affected, identifiers, references, links } = report
  return {
    language: title.language,
    title: title.text,
    description: description.text,
    systems: (affected.artifacts ?? []).map(({ name }) => name),
    references: (references ?? []).map(({ url }) => url),
    identifiers: [
      identifiers.reportId ?? '',
      identifiers.vulnerabilityId ?? '',
      ...(links ?? []).map(({ reportId }) => reportId),
    ],
  }
}

export function compareReports(a: Fingerprint, b: Fingerprint): Match {
  const same = {
    identifiers: shared(a.identifiers, b.identifiers),
    addresses: shared(a.addresses, b.addresses),
    systems: shared(a.systems, b.systems),
    numbers: shared(a.numbers, b.numbers),
  }
  const text = textLikeness(a, b)
  const others = {
    identifiers: same.identifiers.length === 0 ? otherIdentifiers(a, b) : [],
    systems: same.systems.length === 0 ? otherSystems(a, b) : [],
  }
  const isTitleLike = jaccard(a.title, b.title) >= TITLE_LIKE
  const likeness = judged(same, others, { text, isTitleLike })
  return {
    isHit: likeness === 'same',
    likeness,
    textLikeness: text,
    reasons: [
      ...because('sameIdentifier', same.identifiers),
      ...because('sameAddress', same.addresses),
      ...because('sameSystem', same.systems),
      ...because('sameNumbers', same.numbers.length > 1 ? same.numbers : []),
      ...because('likeText', text !== undefined && text >= SOMEWHAT_LIKE ? [percent(text)] : []),
      ...because('otherIdentifier', others.identifiers),
      ...because('otherSystem', others.systems),
    ],
    limits: limitsOf(a, b),
  }
}

type Same = Readonly<Record<'identifiers' | 'addresses' | 'systems' | 'numbers', readonly string[]>>
type Others = Readonly<Record<'identifiers' | 'systems', readonly string[]>>

/**
 * A shared identifier settles it. Otherwise the texts must be alike and so must their
 * titles, since reports made from one pattern differ in these; and where each names an
 * identifier of one kind, or a system, that the other does not, they are related at most.
 */
function judged(
  same: Same,
  others: Others,
  { text = 0, isTitleLike }: { readonly text: number | undefined; readonly isTitleLike: boolean },
): Match['likeness'] {
  if (same.identifiers.length > 0) return 'same'
  const hasNumbers = same.numbers.length > 1
  const signs = [same.addresses.length > 0, same.systems.length > 0, hasNumbers].filter(Boolean)
  const isAlike = text >= LIKE || (text >= SOMEWHAT_LIKE && signs.length > 1)
  const isMeant = text >= COPIED || (isAlike && isTitleLike) || signs.length === 3
  const contradicts = others.identifiers.length > 0 || others.systems.length > 0
  if (isMeant && !contradicts) return 'same'
  return isAlike || isMeant || signs.length > 1 || same.addresses.length > 0 ? 'related' : 'none'
}

function textLikeness(a: Fingerprint, b: Fingerprint): number | undefined {
  if (a.language !== undefined && b.language !== undefined && a.language !== b.language) {
    return undefined
  }
  if (Math.min(a.shingles.size, b.shingles.size) < SHINGLES_MIN) return undefined
  return jaccard(a.shingles, b.shingles)
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  let both = 0
  for (const item of small) if (large.has(item)) both += 1
  return both === 0 ? 0 : both / (a.size + b.size - both)
}

function limitsOf(a: Fingerprint, b: Fingerprint): Match['limits'] {
  if (a.language !== undefined && b.language !== undefined && a.language !== b.language) {
    return ['languagesDiffer']
  }
  return Math.min(a.shingles.size, b.shingles.size) < SHINGLES_MIN ? ['textTooShort'] : []
}

/** Where both name one of a kind, and none that the other names. */
function otherIdentifiers(a: Fingerprint, b: Fingerprint): readonly string[] {
  const kinds = new Set([...a.identifiers].map(kindOf))
  const both = [...b.identifiers].filter((id) => DECISIVE.has(kindOf(id)) && kinds.has(kindOf(id)))
  return both.length === 0 ? [] : [...a.identifiers].filter((id) => DECISIVE.has(kindOf(id)))
}

function otherSystems(a: Fingerprint, b: Fingerprint): readonly string[] {
  return a.systems.size === 0 || b.systems.size === 0 ? [] : [...a.systems]
}

/** Two records of one database may be about one flaw; two numbers of these may not. */
const DECISIVE: ReadonlySet<string> = new Set(['CVE', 'GHSA'])
const kindOf = (identifier: string): string => identifier.split('-')[0] ?? ''

const IDENTIFIERS: readonly RegExp[] = [
  /\bCVE-\d{4}-\d{4,7}\b/giu,
  /\bGHSA(?:-[23456789cfghjmpqrvwx]{4}){3}\b/giu,
  /\bAVID-\d{4}-[RV]?\d{3,6}\b/giu,
  /\bGCVE-\d{1,6}-\d{4}-\d{4,9}\b/giu,
]
const AIID = /\bincidentdatabase\.ai\/(?:[a-z]{2}\/)?cite\/(\d{1,6})\b/giu
const AIID_NAMED = /\bAIID[ -]?#?(?:incident )?(\d{1,6})\b/giu

function bounded(texts: readonly string[] = []): readonly string[] {
  return texts.slice(0, MATCH_LIST_MAX).map((text) => text.slice(0, ENTRY_CHARACTERS_MAX))
}

function identifiersIn(text: string): string[] {
  return [
    ...IDENTIFIERS.flatMap((pattern) => text.match(pattern) ?? []).map((id) => id.toUpperCase()),
    ...[AIID, AIID_NAMED].flatMap((pattern) =>
      [...text.matchAll(pattern)].map((found) => `AIID-${Number(found[1])}`),
    ),
  ]
}

function addressesIn(text: string): readonly string[] {
  return text.match(/https?:\/\/[^\s<>"'()]{4,500}/giu) ?? []
}

/** Without scheme, `www.`, fragment, tracking members and a slash at the end. A bare host says little. */
function addressOf(given: string): readonly string[] {
  const found = /^https?:\/\/(?:www\.)?([^/?#\s]+)([^?#\s]*)(?:\?([^#\s]*))?/iu.exec(given.trim())
  const [, host = '', path = '', query = ''] = found ?? []
  const kept = query
    .split('&')
    .filter((part) => part !== '' && !/^(?:utm_|ref=|fbclid)/iu.test(part))
  const way = path.replace(/[/.,;:]+$/u, '')
  if (host === '' || (way === '' && kept.length === 0)) return []
  const rest = kept.length === 0 ? '' : `?${kept.sort().join('&')}`
  return [`${host.toLowerCase()}${way}${rest}`]
}

function nameOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_/-]+/gu, ' ')
    .trim()
}

/** Numbers that tell something: of four digits and more, or with a point; no years. */
function numbersIn(text: string): readonly string[] {
  const found = text.match(/(?<![\p{L}\p{N}.-])\p{Nd}+(?:[.,]\p{Nd}+)*(?![\p{L}\p{N}-])/gu) ?? []
  return found
    .map((number) => number.replaceAll(',', '.'))
    .filter((number) => /\.|\d{4}/u.test(number) && !/^(?:19|20)\d\d$/u.test(number))
}

const UNPARTED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Hangul}]/u

function shinglesOf(text: string): readonly string[] {
  const words = wordsOf(text)
  if (!UNPARTED.test(text)) return runs(words, 3, ' ')
  return words.flatMap((word) => runs([...word], 2, ''))
}

const wordsOf = (text: string): readonly string[] =>
  text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

function runs(items: readonly string[], length: number, joint: string): readonly string[] {
  if (items.length < length) return []
  return items.slice(length - 1).map((_, i) => items.slice(i, i + length).join(joint))
}

/** The main language; AVID writes `eng` for what others call `en`. */
function languageOf(tag: string | undefined): string | undefined {
  const main = tag?.toLowerCase().split('-')[0]
  if (main === undefined || main === '' || main === 'und') return undefined
  return THREE_LETTERS[main] ?? main
}

const THREE_LETTERS: Readonly<Record<string, string>> = {
  eng: 'en',
  fra: 'fr',
  deu: 'de',
  spa: 'es',
  ara: 'ar',
  ita: 'it',
  por: 'pt',
  pol: 'pl',
  ukr: 'uk',
  zho: 'zh',
  jpn: 'ja',
  kor: 'ko',
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] {
  return [...a].filter((item) => b.has(item)).sort()
}

function because(reason: MatchReason, values: readonly string[]): Match['reasons'] {
  return values.length === 0 ? [] : [{ reason, values: values.slice(0, VALUES_SHOWN) }]
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`
