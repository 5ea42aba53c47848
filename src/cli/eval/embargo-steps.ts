/** What a line of `comity eval embargo` may ask, each step as the decision that the node makes. */
import type { Json } from '../../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { type Instant, instantFromMs } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { letters } from '../../core/disclosure/case-state.ts'
import { answerInvitation, inviteParticipant } from '../../core/disclosure/consent.ts'
import { type DisclosureState, stateAfter } from '../../core/disclosure/disclosure-state.ts'
import { endEmbargo } from '../../core/disclosure/embargo-end.ts'
import {
  meetTerms,
  mergeEmbargo,
  type Siblings,
  sendReport,
  siblingsBar,
  type Terms,
} from '../../core/disclosure/embargo-meeting.ts'
import { proposeEmbargo, rejectProposal } from '../../core/disclosure/embargo-start.ts'
import type { DisclosureEvent, DisclosureRole, EmbargoTerms } from '../../core/disclosure/events.ts'
import { addParticipant, leaveEmbargo } from '../../core/disclosure/participant.ts'
import { recordProgress } from '../../core/disclosure/progress.ts'
import {
  acceptReport,
  closeReport,
  deferReport,
  invalidateReport,
  receiveReport,
  validateReport,
} from '../../core/disclosure/report.ts'
import { rules } from '../../core/disclosure/rules.ts'
import { type Line, objectIn, textIn } from './fields.ts'

export const DISCLOSURE_ROLES = [
  'finder',
  'reporter',
  'vendor',
  'deployer',
  'coordinator',
  'observer',
  'caseOwner',
  'caseManager',
  'cveNumberingAuthority',
] as const satisfies readonly DisclosureRole[]
/** `take` is the protocol's accept of a report: `accept` answers terms. */
const REPORT_STEPS = {
  validate: validateReport,
  invalidate: invalidateReport,
  take: acceptReport,
  defer: deferReport,
  close: closeReport,
}
const UNSAID = 'as the question says'

/** The case as far as a line has told it; `siblings` once it was split. */
export type Told = { readonly state: DisclosureState; readonly siblings: Siblings | null }
export type Taken = {
  readonly decision: Decision<readonly DisclosureEvent[]>
  readonly siblings?: Siblings
}
type Take = (told: Told, line: Line, acting: Acting, at: string) => Taken

const plain =
  (
    decide: (
      state: DisclosureState,
      line: Line,
      acting: Acting,
      at: string,
    ) => Decision<readonly DisclosureEvent[]>,
  ): Take =>
  ({ state }, line, acting, at) => ({ decision: decide(state, line, acting, at) })

export const STEPS: Readonly<Record<string, Take>> = {
  join: plain((state, line, acting, at) =>
    addParticipant(state, { participant: who(line, at), roles: rolesIn(line, at) }, acting),
  ),
  receive: plain((state, line, acting, at) =>
    receiveReport(state, { participant: who(line, at), roles: rolesIn(line, at) }, acting),
  ),
  propose: plain((state, line, acting, at) =>
    proposeEmbargo(state, { participant: who(line, at), ...termsIn(line, at) }, acting),
  ),
  policies: plain((state, line, acting, at) => {
    const proposal = maybeTerms(line, 'proposal', at)
    const byDefault = maybeTerms(line, 'default', at)
    const sides = { sender: text(line, 'sender', at), receiver: text(line, 'receiver', at) }
    const given = { ...(proposal && { proposal }), ...(byDefault && { byDefault }) }
    return meetTerms(state, { ...sides, ...given }, acting)
  }),
  invite: plain((state, line, acting, at) => {
    const answerBy = line['answerBy'] === undefined ? {} : { answerBy: when(line, 'answerBy', at) }
    const command = { participant: who(line, at), roles: rolesIn(line, at), ...answerBy }
    return inviteParticipant(state, command, acting)
  }),
  accept: (told, line, acting, at) => {
    const command = { participant: who(line, at), embargoId: text(line, 'id', at) }
    return { decision: acceptIn(told, command, acting) }
  },
  decline: plain((state, line, acting, at) => {
    const command = { participant: who(line, at), embargoId: text(line, 'id', at) }
    return answerInvitation(state, { ...command, answer: 'decline' }, acting)
  }),
  reject: plain((state, line, acting, at) =>
    rejectProposal(state, { reason: optional(line, 'reason', at) ?? UNSAID }, acting),
  ),
  terminate: plain((state, line, acting, at) => {
    const reason = oneOf(line, 'reason', ['fixReady', 'fixDeployed', 'agreed'] as const, at)
    const explanation = optional(line, 'explanation', at) ?? UNSAID
    return endEmbargo(state, { reason, explanation }, acting)
  }),
  leave: plain((state, line, acting, at) => {
    const keepsEmbargo = line['keepsEmbargo'] === true
    const reason = optional(line, 'reason', at) ?? UNSAID
    return leaveEmbargo(state, { participant: who(line, at), keepsEmbargo, reason }, acting)
  }),
  send: plain((state, line, acting, at) => {
    const sides = { sender: text(line, 'sender', at), receiver: text(line, 'receiver', at) }
    return sendReport(state, sides, acting)
  }),
  ...Object.fromEntries(
    Object.entries(REPORT_STEPS).map(([name, decide]) => [
      name,
      plain((state, line, acting, at) => decide(state, { participant: who(line, at) }, acting)),
    ]),
  ),
  progress: plain((state, line, acting, at) => {
    const participant = optional(line, 'participant', at)
    const letter = oneOf(line, 'letter', letters, at)
    const evidence = optional(line, 'evidence', at) ?? UNSAID
    return recordProgress(state, { letter, evidence, ...(participant && { participant }) }, acting)
  }),
  merge: plain((state, line, acting, at) => mergeEmbargo(state, termsIn(line, at), acting)),
  split: ({ state }, line, _acting, at) => split(state, textsIn(line, 'siblings', at)),
  tell: ({ siblings }, line, _acting, at) =>
    tell(siblings, text(line, 'id', at), textsIn(line, 'siblings', at)),
}

/** Of a split case: terms that end before the inherited ones wait until the siblings know. */
function acceptIn(
  { state, siblings }: Told,
  command: { readonly participant: string; readonly embargoId: string },
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  const decision = answerInvitation(state, { ...command, answer: 'accept' }, acting)
  if (decision.decision === 'refuse' || siblings === null) return decision
  const after = stateAfter(state, decision.value, acting.now).terms
  const bar = after && after !== state.terms ? siblingsBar(siblings, after) : undefined
  return bar ?? decision
}

function split(state: DisclosureState, leads: readonly string[]): Taken {
  const { terms, embargo } = state
  if (terms === null || embargo === 'exited') {
    return { decision: refuse('noEmbargoInForce', rules.embargoMachine) }
  }
  return {
    decision: permit([], rules.siblingsFirst),
    siblings: { inherited: terms, leads, told: new Map() },
  }
}

function tell(siblings: Siblings | null, embargoId: string, leads: readonly string[]): Taken {
  if (siblings === null) return { decision: refuse('notSplit', rules.siblingsFirst) }
  const before = siblings.told.get(embargoId) ?? []
  const told = new Map([...siblings.told, [embargoId, [...before, ...leads]] as const])
  return { decision: permit([], rules.siblingsFirst), siblings: { ...siblings, told } }
}

function who(line: Line, at: string): string {
  return text(line, 'participant', at)
}

function text(line: Line, field: string, at: string): string {
  return textIn(line, field, `${at}/${field}`)
}

function optional(line: Line, field: string, at: string): string | undefined {
  return line[field] === undefined || line[field] === null ? undefined : text(line, field, at)
}

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** An instant with its offset, brought to UTC. One without an offset is nobody's instant. */
export function when(line: Line, field: string, at: string): Instant {
  const place = at === '' ? field : `${at}/${field}`
  const text = textIn(line, field, place)
  if (!WITH_OFFSET.test(text)) throw malformed('not an instant with an offset', { field: place })
  try {
    return instantFromMs(Temporal.Instant.from(text).epochMilliseconds)
  } catch (cause) {
    throw malformed('not an instant with an offset', { field: place, cause })
  }
}

function oneOf<T extends string>(line: Line, field: string, known: readonly T[], at: string): T {
  const given = text(line, field, at)
  const found = known.find((one) => one === given)
  if (found === undefined) throw malformed('not a known word', { field: `${at}/${field}` })
  return found
}

function textsIn(line: Line, field: string, at: string): readonly string[] {
  const list = line[field]
  const isTexts = (items: Json): items is string[] =>
    Array.isArray(items) && items.every((item) => typeof item === 'string' && item !== '')
  if (list === undefined || !isTexts(list) || list.length > 100) {
    throw malformed('not a list of texts', { field: `${at}/${field}` })
  }
  return list
}

function rolesIn(line: Line, at: string): readonly DisclosureRole[] {
  if (line['roles'] === undefined) return []
  return textsIn(line, 'roles', at).map((role) => {
    const known = DISCLOSURE_ROLES.find((one) => one === role)
    if (known === undefined) throw malformed('not a role', { field: `${at}/roles` })
    return known
  })
}

function maybeTerms(line: Line, field: string, at: string): Terms | undefined {
  const given = line[field]
  if (given === undefined || given === null) return undefined
  return termsIn(objectIn(given, `${at}/${field}`), `${at}/${field}`)
}

/** A zone that nobody named is UTC. */
function termsIn(line: Line, at: string): Terms & EmbargoTerms {
  const justification = optional(line, 'justification', at)
  return {
    embargoId: text(line, 'id', at),
    until: when(line, 'until', at),
    zone: optional(line, 'zone', at) ?? 'UTC',
    ...(justification === undefined ? {} : { justification }),
  }
}
