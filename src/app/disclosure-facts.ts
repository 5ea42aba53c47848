/**
 * The days of a disclosure that public figures are counted from, read from the history:
 * the first of each kind, so that a later event changes nothing that was counted. Pure.
 */
import type { Instant } from '../base/time.ts'
import type { CaseEvent } from '../core/case/case.ts'
import type { Recorded } from '../core/case/recorded.ts'
import { SECTORS } from '../core/disclosure/advisory-events.ts'
import type { AdmittedReport } from '../core/triage/admitted-report.ts'
import type { DisclosureFacts } from './ports/disclosure-facts.ts'

type History = readonly Recorded<CaseEvent>[]

/** None of a case into which no report was admitted here. */
export function disclosureFacts(history: History): readonly DisclosureFacts[] {
  const admitted = firstOf(history, 'reportAdmitted')
  if (!admitted) return []
  const { at: admittedAt, event } = admitted
  const { report, filingId } = event
  const filedOn = firstOf(history, 'caseOpened')?.event.filedOn ?? null
  const priority = firstOf(history, 'priorityDecided')
  return [
    {
      language: languageOf(report),
      form: report.stated?.kind ?? null,
      channel: report.source.format,
      ...sectorOf(report, admittedAt, history),
      receivedAt: filedOn === null ? admittedAt : (`${filedOn}T00:00:00.000Z` as Instant),
      admittedAt,
      // Admitting a filing acknowledges it to the reporter.
      acknowledgedAt: filingId !== null && filedOn !== null ? admittedAt : null,
      ...stepsOf(history),
      priority: priority?.event.decision ?? null,
      priorityAt: priority?.at ?? null,
      ...embargoOf(history),
    },
  ]
}

function stepsOf(history: History) {
  const own = firstOf(history, 'reportReceived')?.event.participant
  const ownSteps = history.filter(
    ({ event }) => event.type === 'reportStateChanged' && event.participant === own,
  )
  const ownStep = (...steps: readonly string[]) =>
    ownSteps.find(({ event }) => 'event' in event && steps.includes(event.event as string))?.at ??
    null
  const progress = (letter: string) =>
    history.find(({ event }) => event.type === 'progressChanged' && event.letter === letter)?.at ??
    null
  return {
    triagedAt: ownStep('validate', 'invalidate'),
    vendorToldAt: progress('V'),
    fixedAt: progress('F'),
    publishedAt: publishedAt(history),
    closedAt: ownStep('close'),
  }
}

function publishedAt(history: History): Instant | null {
  const is = ['advisoryPublished', 'safetyNoticePublished']
  return history.find(({ event }) => is.includes(event.type))?.at ?? null
}

function embargoOf(history: History) {
  const begun = history.find(
    ({ event }) => event.type === 'embargoChanged' && event.to === 'active',
  )
  const ended = history.find(
    ({ event }) => event.type === 'embargoChanged' && event.to === 'exited',
  )
  const why = ended?.event.type === 'embargoChanged' ? (ended.event.why ?? 'agreed') : null
  return { embargoAt: begun?.at ?? null, embargoEndedAt: ended?.at ?? null, embargoWhy: why }
}

const SECTOR_TERM = 'sector.'

/** Words of the forms that the lexicon has under another name. */
const OF_FORMS: Readonly<Record<string, string>> = {
  criticalInfrastructure: 'infrastructure',
  publicServices: 'public-services',
}

function sectorOf({ stated }: AdmittedReport, admittedAt: Instant, history: History) {
  if (stated?.sector !== undefined) {
    return { sector: known(OF_FORMS[stated.sector] ?? stated.sector), sectorAt: admittedAt }
  }
  for (const { event, at } of history) {
    if (event.type !== 'taxonomyAssigned') continue
    const terms = event.terms.filter(({ id }) => id.startsWith(SECTOR_TERM))
    const [first] = terms.map(({ id }) => id.slice(SECTOR_TERM.length))
    if (first !== undefined) return { sector: known(first), sectorAt: at }
  }
  return { sector: null, sectorAt: null }
}

const known = (sector: string) => SECTORS.find((one) => one === sector) ?? 'other'

/** AVID writes ISO 639-3; what is no language says nothing. */
function languageOf({ description }: AdmittedReport): string {
  const [primary = ''] = description.language.toLowerCase().split('-')
  const short = ISO_639_3[primary] ?? primary
  return /^[a-z]{2,3}$/.test(short) ? short : 'und'
}

/** Of the languages in which nodes publish; others keep their three letters. */
const ISO_639_3: Readonly<Record<string, string>> = {
  ...{ eng: 'en', fra: 'fr', deu: 'de', spa: 'es', ara: 'ar', ita: 'it' },
  ...{ por: 'pt', pol: 'pl', ukr: 'uk', zho: 'zh', jpn: 'ja', kor: 'ko' },
}

type Of<T extends CaseEvent['type']> = Extract<CaseEvent, { readonly type: T }>

function firstOf<T extends CaseEvent['type']>(
  history: History,
  type: T,
): Recorded<Of<T>> | undefined {
  return history.find(({ event }) => event.type === type) as Recorded<Of<T>> | undefined
}
