/**
 * A text that was made public, as a page shows it: its parts in plain words, and each
 * version with what it changed. The same model is shown to officers before it goes out. Pure.
 */
import type { PublicRevision } from '../../app/ports/public-texts.ts'
import type { Instant } from '../../base/time.ts'
import type { AdvisoryCredit } from '../../core/disclosure/advisory-events.ts'
import { changedMembers, type PublicContent } from '../../core/disclosure/advisory-steps.ts'

export type TextPart = { readonly name: string; readonly text: string }

/** A closed word is shown in the reader's language: `word` names its group. */
export type TextChange = {
  readonly name: string
  readonly word: string | null
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export type TextVersion = {
  readonly number: number
  readonly kind: string
  /** Absent before it goes out. */
  readonly at?: Instant
  readonly summary: string
  readonly lang: string
  readonly changes: readonly TextChange[]
  readonly title: string
  readonly parts: readonly TextPart[]
}

export type PublicTextModel = {
  readonly id: string
  readonly kind: 'advisory' | 'safetyNotice'
  readonly title: string
  readonly lang: string
  readonly product: string
  /** In the words of CSAF; of an advisory only. */
  readonly status: string | null
  readonly severity: string
  readonly sectors: readonly string[]
  readonly parts: readonly TextPart[]
  /** Who agreed to be named, and for what. */
  readonly credits: readonly AdvisoryCredit[]
  /** Why it no longer holds. */
  readonly withdrawn: string | null
  /** The newest first. */
  readonly versions: readonly TextVersion[]
}

export type Shown = {
  readonly trackingId: string
  /** At least one, the latest last; the last one without a day is not published yet. */
  readonly revisions: readonly (Omit<PublicRevision, 'at'> & { readonly at?: Instant })[]
}

/** `undefined`: there is no version to show. */
export function publicTextModel({ trackingId, revisions }: Shown): PublicTextModel | undefined {
  const last = revisions.at(-1)
  if (!last) return undefined
  const { content, kind, summary } = last
  return {
    id: trackingId,
    kind: content.is,
    ...{ title: content.title, lang: content.lang, product: productOf(content) },
    status: content.is === 'advisory' ? content.status : null,
    ...{ severity: content.severity, sectors: content.sectors, parts: partsOf(content) },
    credits: content.is === 'advisory' ? (content.credits ?? []) : [],
    withdrawn: kind === 'withdrawal' ? summary : null,
    versions: revisions
      .map((revision, index) => versionOf(revision, revisions[index - 1]?.content))
      .toReversed(),
  }
}

function versionOf(
  { number, kind, at, summary, content }: Shown['revisions'][number],
  before: PublicContent | undefined,
): TextVersion {
  return {
    ...{ number, kind, summary, lang: content.lang, title: content.title },
    ...(at === undefined ? {} : { at }),
    changes: before ? changesOf(before, content) : [],
    parts: partsOf(content),
  }
}

const WORDS: Readonly<Record<string, string>> = {
  status: 'productStatus',
  severity: 'publicSeverity',
  sectors: 'publicSector',
}

function changesOf(before: PublicContent, after: PublicContent): readonly TextChange[] {
  const old = before as unknown as Readonly<Record<string, unknown>>
  const now = after as unknown as Readonly<Record<string, unknown>>
  return changedMembers(before, after).map((name) => ({
    ...{ name, word: WORDS[name] ?? null },
    ...{ before: textsOf(old[name]), after: textsOf(now[name]) },
  }))
}

function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(textOfItem)
  return value === null || value === undefined || value === '' ? [] : [String(value)]
}

/** Of thanks, the name. */
function textOfItem(item: unknown): string {
  return typeof item === 'string' ? item : (item as AdvisoryCredit).name
}

function productOf(content: PublicContent): string {
  if (content.is === 'safetyNotice') return content.product
  const { vendor, product, versionRange } = content
  return [vendor, product, versionRange].filter(Boolean).join(' ')
}

function partsOf(content: PublicContent): readonly TextPart[] {
  const names =
    content.is === 'advisory'
      ? (['summary', 'remediation', 'forUsers'] as const)
      : (['whatHappens', 'whoIsConcerned', 'whatToDo', 'help'] as const)
  const texts = content as unknown as Readonly<Record<string, string | null>>
  return names.flatMap((name) => {
    const text = texts[name]
    return text ? [{ name, text }] : []
  })
}
