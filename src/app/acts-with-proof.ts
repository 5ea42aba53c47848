/**
 * Every act that wants a fresh strong proof of who acts, so that pages can say so
 * beforehand. It gathers what the acts say of themselves and decides nothing: whether a
 * proof is fresh is asked in core/access. `docs/operating/sign-in.md` lists the same.
 */
import type { Action } from '../core/access/decide-access.ts'
import { releaseTogether } from './acts/release-acts.ts'
import { caseActs } from './acts.ts'
import { agreementActs } from './agreement-acts.ts'
import { MAKE_CALENDAR_PASSWORD } from './desk/clock-feed.ts'
import { EXPORT_PACKAGE } from './export-evidence-package.ts'
import { oversightActs } from './oversight/oversight-acts.ts'
import { PEOPLE_ACTS } from './people/people-acts.ts'
import { SAFE_HARBOUR_ACTS } from './safe-harbour.ts'
import { SEALING_STEPS } from './sealing-steps.ts'
import { INVITE } from './sign-in/enrol.ts'
import { SIGN_OFF_LAW_PACK } from './sign-off-law-pack.ts'

const ALL: readonly Action[] = [
  ...caseActs.map(({ action }) => action),
  releaseTogether.action,
  EXPORT_PACKAGE,
  ...agreementActs.map(({ action }) => action),
  ...oversightActs.map(({ action }) => action),
  SIGN_OFF_LAW_PACK,
  ...SAFE_HARBOUR_ACTS.map(({ action }) => action),
  INVITE,
  MAKE_CALENDAR_PASSWORD,
  ...PEOPLE_ACTS.map(({ action }) => action),
  ...Object.values(SEALING_STEPS),
]

export const ACTS_WITH_PROOF: readonly Action[] = ALL.filter(({ stepUp }) => stepUp)

export function wantsProof(act: string): boolean {
  return ACTS_WITH_PROOF.some(({ name }) => name === act)
}
