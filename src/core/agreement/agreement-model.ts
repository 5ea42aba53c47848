/**
 * From a model agreement (a file in `agreements/`) to a document that parties can
 * sign: the model brings the words and rules, the caller the parties, their keys,
 * the cosigning quorum and the dates.
 */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Clause, ClauseOf } from './clause.ts'
import type { AgreementDocument, AgreementParty, TransferInstrument } from './document.ts'

export type AgreementModel = Omit<
  AgreementDocument,
  'id' | 'version' | 'parties' | 'quorum' | 'validFromAt' | 'reviewAt' | 'sunsetAt' | 'clauses'
> & {
  readonly clauses: readonly ModelClause[]
  /** The review date, counted from the start; never later than the sunset. */
  readonly reviewAfterDays: number
}

/** A clause whose instant is counted from the start of the agreement. */
export type ModelClause =
  | Exclude<Clause, ClauseOf<'phase'> | ClauseOf<'exempt'>>
  | (Omit<ClauseOf<'phase'>, 'fromAt'> & { readonly fromAfterDays: number })
  | (Omit<ClauseOf<'exempt'>, 'until'> & { readonly untilAfterDays: number })

export type ModelFill = {
  readonly id: string
  readonly parties: readonly AgreementParty[]
  /** A C2SP tlog-policy file. */
  readonly quorum: string
  readonly validFromAt: Instant
  readonly sunsetAt: Instant
  readonly version?: number
  /** Replaces the model's own list, e.g. to add one in a later version. */
  readonly transferInstruments?: readonly TransferInstrument[]
}

/**
 * Instruments between legal orders that no party belongs to are left out.
 * The result may still have faults: `draftAgreement` finds them.
 */
export function agreementFromModel(model: AgreementModel, fill: ModelFill): AgreementDocument {
  const { reviewAfterDays, ...terms } = model
  const orders = new Set(fill.parties.map(({ legalOrder }) => legalOrder))
  const instruments = fill.transferInstruments ?? model.transferInstruments
  const reviewAt = addMs(fill.validFromAt, reviewAfterDays * DAY_MS)
  return {
    ...terms,
    clauses: model.clauses.map((clause) => dated(clause, fill.validFromAt)),
    id: fill.id,
    version: fill.version ?? 1,
    parties: fill.parties,
    quorum: fill.quorum,
    transferInstruments: instruments.filter(({ from, to }) => orders.has(from) && orders.has(to)),
    validFromAt: fill.validFromAt,
    reviewAt: reviewAt < fill.sunsetAt ? reviewAt : fill.sunsetAt,
    sunsetAt: fill.sunsetAt,
  }
}

function dated(clause: ModelClause, startAt: Instant): Clause {
  if ('fromAfterDays' in clause) {
    const { fromAfterDays, ...rest } = clause
    return { ...rest, fromAt: addMs(startAt, fromAfterDays * DAY_MS) }
  }
  if ('untilAfterDays' in clause) {
    const { untilAfterDays, ...rest } = clause
    return { ...rest, until: addMs(startAt, untilAfterDays * DAY_MS) }
  }
  return clause
}
