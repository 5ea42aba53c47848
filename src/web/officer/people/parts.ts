/** Parts that the pages about people share. */
import type { Because, Decision } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { Role } from '../../../core/case/recorded.ts'
import { linkTo } from '../../routes.ts'

/** A link to the form of an act, or the reasons of the decision that forbids it now. */
export type PeopleControl = { readonly act: string; readonly about?: string } & (
  | { readonly isAllowed: true; readonly href: string }
  | { readonly isAllowed: false; readonly because: readonly Because[] }
)

export type SpanRow = { readonly fromAt: Instant; readonly untilAt: Instant }

export type DelegationRow = SpanRow & {
  readonly from: string
  readonly to: string
  readonly roles: readonly Role[]
  /** Names of acts; absent: all of the roles. */
  readonly acts?: readonly string[]
  readonly end?: PeopleControl
}

export function peopleControl(
  lang: string,
  act: string,
  decision: Decision<unknown>,
  about?: string,
): PeopleControl {
  const named = about === undefined ? { act } : { act, about }
  if (decision.decision === 'refuse') {
    return { ...named, isAllowed: false, because: decision.because }
  }
  const address = linkTo(lang, 'officerPeopleAct', { act })
  const query = about === undefined ? '' : `?about=${encodeURIComponent(about)}`
  return { ...named, isAllowed: true, href: `${address}${query}` }
}
