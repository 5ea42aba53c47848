/**
 * Which clauses of an agreement in force bind at one instant.
 *
 * A clause that permits is out of effect outside its phases and while it is disputed; one
 * that forbids or requires, while an exemption names it. Whatever widens is dropped when
 * in doubt: an exemption in dispute exempts nothing, two phases that start at once are no
 * phase, and a clause that is not understood always stays, to forbid. Whether the
 * agreement itself is in force is asked before (`requireInForce`).
 */
import { type Instant, utcDateOf } from '../../base/time.ts'
import { onceFor } from '../law/once.ts'
import {
  type Clause,
  type ClauseKind,
  type ClauseOf,
  type CooperationPhase,
  isUnderstood,
} from './clause.ts'
import type { AgreementDocument, TransferInstrument } from './document.ts'

/**
 * What parties owe each other they may forgo for a time. Never exempted is what guards
 * the affected person or follows from law: transfer instruments, the rights test, review,
 * authorisation, the consent to an embargo, and duties.
 */
export const EXEMPTIBLE: readonly ClauseKind[] = [
  'forbidRelease',
  'requireConsent',
  'requireSecondOfficer',
  'handling',
]

export type OutOfEffect = {
  readonly clause: Clause
  readonly why: 'phase' | 'exempted' | 'disputed'
  readonly text: string
}

/** The document as it binds at `now`: these clauses, and the instruments that serve that day. */
export function documentInEffect(
  document: AgreementDocument,
  now: Instant,
  disputed: ReadonlySet<string> = NONE,
): AgreementDocument {
  const clauses = clausesInEffect(document, now, disputed)
  const transferInstruments = instrumentsAt(document, now)
  const last = lastInEffect(document)
  const { inEffect } = last
  // The same object as long as the same binds, so that what is compiled of it is kept with it.
  if (inEffect && isSame(inEffect.clauses, clauses)) {
    if (isSame(inEffect.transferInstruments, transferInstruments)) return inEffect
  }
  last.inEffect = { ...document, clauses, transferInstruments }
  return last.inEffect
}

type Last = { inEffect: AgreementDocument | null }
const lastInEffect = onceFor((_: AgreementDocument): Last => ({ inEffect: null }))

function isSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index])
}

/** `disputed`: ids of the clauses whose dispute suspends them. */
export function clausesInEffect(
  document: AgreementDocument,
  now: Instant,
  disputed: ReadonlySet<string> = NONE,
): readonly Clause[] {
  const out = new Set(clausesOutOfEffect(document, now, disputed).map(({ clause }) => clause))
  return document.clauses.filter((clause) => !out.has(clause))
}

export function clausesOutOfEffect(
  document: AgreementDocument,
  now: Instant,
  disputed: ReadonlySet<string> = NONE,
): readonly OutOfEffect[] {
  const phase = phaseAt(document, now)
  const exemptions = exemptionsAt(document, now, disputed)
  return document.clauses.flatMap((clause): OutOfEffect[] => {
    if (!isUnderstood(clause)) return []
    if (disputed.has(clause.id) && WIDENING.includes(clause.kind)) {
      return [{ clause, why: 'disputed', text: `clause ${clause.id} is in dispute` }]
    }
    if (clause.kind === 'permitRelease') return outOfPhase(clause, phase)
    const exemption = exemptions.find(({ clauses }) => clauses.includes(clause.id))
    if (!exemption || !EXEMPTIBLE.includes(clause.kind)) return []
    const text = `clause ${exemption.id} exempts from clause ${clause.id} until ${exemption.until}`
    return [{ clause, why: 'exempted', text }]
  })
}

/** The phase that started last; null before the first, or if two start at one instant. */
export function phaseAt(document: AgreementDocument, now: Instant): CooperationPhase | null {
  const started = document.clauses.filter(
    (clause): clause is ClauseOf<'phase'> =>
      clause.kind === 'phase' && isUnderstood(clause) && clause.fromAt <= now,
  )
  const latest = started.reduce((last, { fromAt }) => (fromAt > last ? fromAt : last), '')
  const [current, rival] = started.filter(({ fromAt }) => fromAt === latest)
  return current && !rival ? current.phase : null
}

/** Days are counted in UTC, the last one included. */
export function instrumentsAt(
  { transferInstruments }: AgreementDocument,
  now: Instant,
): readonly TransferInstrument[] {
  const day = utcDateOf(now)
  return transferInstruments.filter(
    ({ authorisedOn, validUntil }) =>
      authorisedOn <= day && (validUntil === undefined || day <= validUntil),
  )
}

const NONE: ReadonlySet<string> = new Set()
const WIDENING: readonly ClauseKind[] = ['permitRelease', 'exempt']

function exemptionsAt(
  { clauses }: AgreementDocument,
  now: Instant,
  disputed: ReadonlySet<string>,
): readonly ClauseOf<'exempt'>[] {
  return clauses.filter(
    (clause): clause is ClauseOf<'exempt'> =>
      clause.kind === 'exempt' &&
      isUnderstood(clause) &&
      now < clause.until &&
      !disputed.has(clause.id),
  )
}

function outOfPhase(
  clause: ClauseOf<'permitRelease'>,
  phase: CooperationPhase | null,
): OutOfEffect[] {
  const { id, phases } = clause
  if (phases === undefined || (phase !== null && phases.includes(phase))) return []
  const text = `clause ${id} holds in ${phases.join(', ')}, and the phase is ${phase ?? 'none yet'}`
  return [{ clause, why: 'phase', text }]
}
