/**
 * What a case shows to somebody who was admitted to parts of it: those parts, field
 * by field, and nothing else. What stands in no field here does not leave, whatever
 * else the case holds; a proposed measure, a reason or a representation is none of it.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import { type CaseState, phaseOf } from '../case/case.ts'
import type { SharedPart } from './rules.ts'

export type SharedView = {
  /** Title, state, dates. */
  readonly summary?: {
    readonly title: string
    readonly phase: string
    readonly openedAt: Instant | null
  }
  readonly hearings?: readonly {
    readonly measure: string
    readonly opensAt: Instant
    readonly endsAt: Instant
    /** The addressee may be heard at this moment. */
    readonly isOpen: boolean
  }[]
  readonly measures?: readonly {
    readonly measure: string
    /** Citation. */
    readonly basis: string
    readonly takenAt: Instant
  }[]
  readonly advisories?: readonly {
    readonly trackingId: string
    readonly title: string
    readonly publishedAt: Instant
  }[]
}

/** `wholeCase` adds nothing here: who holds it reads the case itself. */
export function sharedView(
  state: CaseState,
  sees: readonly SharedPart[],
  now: Instant,
): SharedView {
  const shares = (part: SharedPart) => sees.includes(part)
  return {
    ...(shares('summary') ? { summary: summaryOf(state) } : {}),
    ...(shares('hearing') ? { hearings: hearingsOf(state, now) } : {}),
    ...(shares('measures') ? { measures: measuresOf(state) } : {}),
    ...(shares('advisories') ? { advisories: advisoriesOf(state) } : {}),
  }
}

function summaryOf(state: CaseState) {
  const { title, openedAt } = state
  return { title, phase: phaseOf(state), openedAt }
}

function hearingsOf({ enforcement }: CaseState, now: Instant) {
  return enforcement.hearings.map(({ rung, opensAt, endsAt }) => ({
    measure: rung,
    opensAt,
    endsAt,
    isOpen: opensAt <= now && now < endsAt,
  }))
}

function measuresOf({ enforcement }: CaseState) {
  return enforcement.measures.flatMap(({ rung, basis, takenAt }) =>
    takenAt === null ? [] : [{ measure: rung, basis, takenAt }],
  )
}

function advisoriesOf({ publications }: CaseState) {
  return publications.map(({ trackingId, document, publishedAt }) => ({
    trackingId,
    title: titleOf(document) ?? trackingId,
    publishedAt,
  }))
}

/** Of a CSAF document. */
function titleOf(document: Json): string | undefined {
  const { document: facts } = document as { readonly document?: { readonly title?: unknown } }
  return typeof facts?.title === 'string' ? facts.title : undefined
}
