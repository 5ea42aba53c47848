/**
 * The clauses of an agreement. Whatever binds is a clause: its words for people, and
 * beside them the few values that a machine reads. So a new kind of rule is a new kind
 * of clause, and the diff, the linter and the reader need no other shape.
 *
 * A clause of a kind, with a member or with a word that this version does not know
 * permits nothing, and forbids everything else too (release/compile-agreement.ts).
 */
import { type Instant, isInstant } from '../../base/time.ts'
import type { Condition } from '../law/condition.ts'
import { onceFor } from '../law/once.ts'
import { isConditionForm } from './condition-form.ts'
import { EXCHANGE_VERSIONS } from './exchange-versions.ts'

export const RELEASE_KINDS = ['stub', 'case', 'exhibit'] as const
/** A stub says only that a case exists and asks to coordinate. */
export type ReleaseKind = (typeof RELEASE_KINDS)[number]

/** Traffic Light Protocol 2.0 (FIRST), from the widest circle to the narrowest. */
export const TLP_LABELS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const
export type Tlp = (typeof TLP_LABELS)[number]

/**
 * In the manner of the codes that Europol's network uses: H1 not in judicial proceedings
 * without the originator's permission, H2 no dissemination without it, H3 as the words say.
 */
export const HANDLING_CODES = ['H1', 'H2', 'H3'] as const
export type HandlingCode = (typeof HANDLING_CODES)[number]

/** How far the cooperation has grown; a clause may hold in some phases only. */
export const AGREEMENT_PHASES = ['pilot', 'scaleUp', 'full'] as const
export type CooperationPhase = (typeof AGREEMENT_PHASES)[number]

/** Why a party may keep something back although a clause permits it. Each use is counted. */
export const CARVE_OUTS = [
  'nationalSecurity',
  'officialSecret',
  'tradeSecret',
  'ongoingInvestigation',
] as const
export type CarveOut = (typeof CARVE_OUTS)[number]

export const DUTY_KINDS = [
  'deleteBy',
  'returnBy',
  'noOnwardTransfer',
  'notifyPerson',
  'notifySender',
  'reportUse',
  'noJudicialUse',
] as const
export type AgreedDutyKind = (typeof DUTY_KINDS)[number]
/** Without a period it lasts as long as the information is held. */
export const LASTING_DUTIES = ['noOnwardTransfer', 'noJudicialUse'] as const
export type LastingDuty = (typeof LASTING_DUTIES)[number]
export type AgreedDuty =
  | { readonly kind: Exclude<AgreedDutyKind, LastingDuty>; readonly withinDays: number }
  | { readonly kind: LastingDuty }

/** Members of the text that a rapid amendment may change, with notice and without new signatures. */
export const RAPID_MEMBERS = [
  'messageKeys',
  'transferInstruments',
  'languageRule',
  'handling',
  'reviewAt',
] as const
export type RapidMember = (typeof RAPID_MEMBERS)[number]

export const SAFE_HARBOURS = ['reporters', 'platforms'] as const
/** How the other parties consent to one that joins. */
export const JOINING_CONSENTS = ['signatures', 'silence'] as const
export const COST_BEARERS = ['requester', 'requested', 'each', 'shared'] as const

type ClauseText = { readonly id: string; readonly text: string }

/** What the release decision reads of a clause, by `kind`. */
export type Clause = ClauseText &
  (
    | {
        readonly kind: 'permitRelease'
        readonly categories: readonly string[]
        readonly purposes: readonly string[]
        readonly releaseKinds: readonly ReleaseKind[]
        /** Ids of the duty clauses that travel with what this clause permits. */
        readonly duties: readonly string[]
        /** Directions, by node id; absent: from every party to every other. */
        readonly between?: readonly { readonly from: string; readonly to: string }[]
        /** The threshold: what must be recorded of the case. An unknown fact is not met. */
        readonly when?: Condition
        /** Absent: in every phase. */
        readonly phases?: readonly CooperationPhase[]
      }
    | {
        readonly kind: 'forbidRelease'
        readonly categories: readonly string[]
        /** Legal orders; absent: everybody. */
        readonly to?: readonly string[]
      }
    | { readonly kind: 'requireTransferInstrument' }
    /** An added safeguard, never the basis; it ends with its withdrawal. */
    | { readonly kind: 'requireConsent'; readonly categories: readonly string[] }
    /** Of a court or of another body outside the authority. */
    | { readonly kind: 'requireAuthorisation'; readonly categories: readonly string[] }
    /** Four eyes: somebody else approves exactly this release. */
    | { readonly kind: 'requireSecondOfficer'; readonly categories: readonly string[] }
    | {
        readonly kind: 'handling'
        readonly categories: readonly string[]
        readonly tlp: Tlp
        readonly codes: readonly HandlingCode[]
      }
    /** What these clauses forbid or require, they do not until then. Never a hard rule of law. */
    | { readonly kind: 'exempt'; readonly clauses: readonly string[]; readonly until: Instant }
    | { readonly kind: 'carveOut'; readonly ground: CarveOut }
    | { readonly kind: 'phase'; readonly phase: CooperationPhase; readonly fromAt: Instant }
    | { readonly kind: 'duty'; readonly duty: AgreedDuty }
    | {
        readonly kind: 'rapidAmendment'
        readonly noticeDays: number
        readonly members: readonly RapidMember[]
      }
    /** Which steps a dispute takes, and whether the clause in dispute permits nothing meanwhile. */
    | {
        readonly kind: 'dispute'
        readonly steps: readonly { readonly before: string; readonly withinDays: number }[]
        readonly suspendsClause: boolean
      }
    /** How single parties join and leave; without it they cannot. The notice is for both. */
    | {
        readonly kind: 'membership'
        readonly joining: (typeof JOINING_CONSENTS)[number]
        readonly noticeDays: number
      }
    | { readonly kind: 'safeHarbour'; readonly protects: (typeof SAFE_HARBOURS)[number] }
    | { readonly kind: 'costs'; readonly borneBy: (typeof COST_BEARERS)[number] }
    | { readonly kind: 'confidentiality'; readonly survivesDays: number }
    /** An older version of the exchange will not do: who does not speak this one permits nothing. */
    | { readonly kind: 'exchangeVersion'; readonly minimum: number }
    /** Cited by the rules that hold for every agreement. */
    | { readonly kind: 'requireRightsTest' | 'requireReview' | 'requireEmbargoConsent' }
    /** Binds people; nothing in it for a machine to decide. */
    | { readonly kind: 'statement' }
  )

export type ClauseKind = Clause['kind']
export type ClauseOf<Kind extends ClauseKind> = Extract<Clause, { readonly kind: Kind }>

type Members = { readonly must: readonly string[]; readonly may?: readonly string[] }

/** The members of each kind of clause besides `id`, `text` and `kind`. */
export const CLAUSE_MEMBERS: Readonly<Record<ClauseKind, Members>> = {
  permitRelease: {
    must: ['categories', 'purposes', 'releaseKinds', 'duties'],
    may: ['between', 'when', 'phases'],
  },
  forbidRelease: { must: ['categories'], may: ['to'] },
  requireTransferInstrument: { must: [] },
  requireConsent: { must: ['categories'] },
  requireAuthorisation: { must: ['categories'] },
  requireSecondOfficer: { must: ['categories'] },
  handling: { must: ['categories', 'tlp', 'codes'] },
  exempt: { must: ['clauses', 'until'] },
  carveOut: { must: ['ground'] },
  phase: { must: ['phase', 'fromAt'] },
  duty: { must: ['duty'] },
  rapidAmendment: { must: ['noticeDays', 'members'] },
  dispute: { must: ['steps', 'suspendsClause'] },
  membership: { must: ['joining', 'noticeDays'] },
  safeHarbour: { must: ['protects'] },
  costs: { must: ['borneBy'] },
  confidentiality: { must: ['survivesDays'] },
  exchangeVersion: { must: ['minimum'] },
  requireRightsTest: { must: [] },
  requireReview: { must: [] },
  requireEmbargoConsent: { must: [] },
  statement: { must: [] },
}

/** True if a machine can decide by this clause: known kind, no member or word it cannot read. */
export function isUnderstood(clause: Clause): boolean {
  return isRead(clause)
}

const isRead = onceFor((clause: Clause) => notUnderstood(clause) === undefined)

/** What of the clause this version cannot read, in words; `undefined`: it reads all of it. */
export function notUnderstood(clause: Clause): string | undefined {
  if (!Object.hasOwn(CLAUSE_MEMBERS, clause.kind)) return `its kind ${clause.kind} is not known`
  const { must, may = [] } = CLAUSE_MEMBERS[clause.kind]
  const members = Object.keys(clause)
  const known = ['id', 'text', 'kind', ...must, ...may]
  const strange = members.find((member) => !known.includes(member))
  if (strange !== undefined) return `its member ${strange} is not known`
  const absent = must.find((member) => !members.includes(member))
  return absent === undefined ? strangeWord(clause) : `its member ${absent} is missing`
}

function strangeWord(clause: Clause): string | undefined {
  switch (clause.kind) {
    case 'permitRelease':
      return strangeInPermit(clause)
    case 'forbidRelease':
      return emptyList('to', clause.to)
    case 'exempt':
      return notInstant('until', clause.until)
    case 'handling':
      return strange('TLP label', [clause.tlp], TLP_LABELS) ?? strangeCode(clause.codes)
    case 'carveOut':
      return strange('ground', [clause.ground], CARVE_OUTS)
    case 'phase':
      return (
        strange('phase', [clause.phase], AGREEMENT_PHASES) ?? notInstant('fromAt', clause.fromAt)
      )
    case 'rapidAmendment':
      return strange('member', clause.members, RAPID_MEMBERS)
    case 'duty':
      return strangeInDuty(clause.duty)
    case 'membership':
      return strange('word', [clause.joining], JOINING_CONSENTS)
    case 'safeHarbour':
      return strange('word', [clause.protects], SAFE_HARBOURS)
    case 'costs':
      return strange('word', [clause.borneBy], COST_BEARERS)
    case 'exchangeVersion':
      return EXCHANGE_VERSIONS.some((version) => version >= clause.minimum)
        ? undefined
        : `version ${clause.minimum} of the exchange is not spoken here`
    default:
      return undefined
  }
}

function strangeInPermit(clause: ClauseOf<'permitRelease'>): string | undefined {
  const { releaseKinds, phases, between, when } = clause
  const way = (between ?? []).find((each) => Object.keys(each).sort().join() !== 'from,to')
  return (
    strange('release kind', releaseKinds, RELEASE_KINDS) ??
    strange('phase', phases, AGREEMENT_PHASES) ??
    emptyList('phases', phases) ??
    emptyList('between', between) ??
    (way ? 'a direction has members besides from and to' : undefined) ??
    (when === undefined || isConditionForm(when) ? undefined : 'its condition cannot be read')
  )
}

function strangeCode(codes: readonly string[]): string | undefined {
  return strange('handling code', codes, HANDLING_CODES)
}

function strangeInDuty(duty: AgreedDuty): string | undefined {
  const unknown = strange('duty', [duty.kind], DUTY_KINDS)
  if (unknown !== undefined) return unknown
  const members = Object.keys(duty).sort().join()
  if (members === (isLasting(duty.kind) ? 'kind' : 'kind,withinDays')) return undefined
  return isLasting(duty.kind)
    ? `the duty ${duty.kind} lasts, and has no other member`
    : `the duty ${duty.kind} has a period, withinDays, and no other member`
}

/** Absent means "all"; what an empty list means nobody can say. */
function emptyList(member: string, list: readonly unknown[] | undefined): string | undefined {
  return list?.length === 0 ? `its list ${member} is empty` : undefined
}

function notInstant(member: string, at: string): string | undefined {
  return isInstant(at) ? undefined : `its member ${member} is not an instant`
}

function strange(
  what: string,
  words: readonly string[] | undefined,
  known: readonly string[],
): string | undefined {
  const word = words?.find((each) => !known.includes(each))
  return word === undefined ? undefined : `its ${what} ${String(word)} is not known`
}

export function isLasting(kind: string): kind is LastingDuty {
  return (LASTING_DUTIES as readonly string[]).includes(kind)
}
