/**
 * Releasing a file of the vault to a peer. The decision and its message are those of every
 * release; the bytes follow afterwards, sealed to the recipient (`app/travel`). A file that
 * came from a peer goes on under the same decision, which asks for that peer's consent.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { type Exhibit, exhibitOf } from '../../core/evidence/evidence.ts'
import { EMERGENCY_THREATS } from '../../core/release/basis.ts'
import { FILE_CATEGORY, fileShown } from '../../core/release/file-view.ts'
import type { EventOpening } from '../../wire/event-opening.ts'
import { actRefused, caseAct, type Step } from '../act.ts'
import { openingOf } from '../event-openings.ts'
import { nameOfCase } from '../joint-case.ts'
import {
  decideRelease,
  type PreparedRelease,
  prepareForRelease,
  type ReleaseDraft,
  recordRefusedRelease,
  sendRelease,
} from '../release-to-peer.ts'
import { id, reason, releaseReasons, rightsReasons } from './fields.ts'
import { hasPartners } from './release-acts.ts'

const what = {
  exhibitId: id,
  recipient: Type.String({ maxLength: 100 }),
  purpose: Type.String({ maxLength: 60 }),
}
const inOrder = Type.Object({ ...what, ...releaseReasons })
const inEmergency = Type.Object({
  ...what,
  threat: Type.Union(EMERGENCY_THREATS.map((threat) => Type.Literal(threat))),
  reason,
  ...rightsReasons,
})

export const releaseFile = caseAct({
  name: 'releaseFile',
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  reads: ({ exhibitId }) => exhibitId,
  input: inOrder,
  when: mayReleaseFiles,
  prepare: (step) => prepare(step),
  decide: (state, _input, acting, prepared) => {
    const decided = decideFile(state, acting, prepared)
    if (decided.decision === 'refuse' || prepared.opening) return decided
    return refuse('receiptNotSealed', receiptNotSealed)
  },
  refused: refusedAs('releaseFile'),
  finish: send,
})

/** The same decision for a recipient whom no message reaches: nothing is sent. */
export const releaseFileByHand = caseAct({
  name: 'releaseFileByHand',
  topic: 'letters',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  reads: ({ exhibitId }) => exhibitId,
  input: inOrder,
  when: hasFiles,
  prepare: (step) => prepare(step),
  decide: (state, _input, acting, prepared) => decideFile(state, acting, prepared),
  refused: refusedAs('releaseFileByHand'),
  finish: async (_step, { release }) => ({ releaseId: release.command.releaseId }),
})

/** Review and second officer follow; so does the proof of the log, if it is not there yet. */
export const releaseFileInEmergency = caseAct({
  name: 'releaseFileInEmergency',
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  reads: ({ exhibitId }) => exhibitId,
  input: inEmergency,
  when: mayReleaseFiles,
  prepare: (step) => prepare(step),
  decide: (state, _input, acting, prepared) => decideFile(state, acting, prepared),
  refused: refusedAs('releaseFileInEmergency'),
  finish: send,
})

export type FileAsked = Static<typeof inOrder> &
  Partial<Pick<Static<typeof inEmergency>, 'threat' | 'reason'>>

type Prepared = {
  readonly release: PreparedRelease
  readonly exhibit: Exhibit | undefined
  /** Of the event by which it was sealed here, or came from a peer. */
  readonly opening: EventOpening | undefined
}

/** The release of one file as the form has it, for the act and for its preview. */
export function fileDraft(state: CaseState, asked: FileAsked): ReleaseDraft {
  const { exhibitId, recipient, purpose, legalBasis, threat, reason: why = '' } = asked
  const exhibit = exhibitOf(state.evidence, exhibitId)
  return {
    ...{ kind: 'exhibit', recipient, purpose, legalBasis, exhibitId, answers: asked },
    categories: [FILE_CATEGORY],
    record: exhibit?.file ? { [FILE_CATEGORY]: fileShown(exhibit) } : {},
    ...(threat ? { emergency: { threat, reason: why } } : {}),
  }
}

async function prepare(step: Step<FileAsked>): Promise<Prepared> {
  const { kernel, state, stream, input } = step
  const exhibit = exhibitOf(state.evidence, input.exhibitId)
  const release = await prepareForRelease(step, fileDraft(state, input))
  const sealed = stream.history.find(({ event }) => {
    const { type, exhibitId } = event as { readonly type: string; readonly exhibitId?: string }
    const isBeginning = type === 'exhibitSealed' || type === 'exhibitReceived'
    return isBeginning && exhibitId === input.exhibitId
  })
  const view = sealed && (await kernel.streams.read(stream.id))
  const opening = view && sealed && (await openingOf(kernel, view, sealed.version))
  return { release, exhibit, opening }
}

function decideFile(
  state: CaseState,
  acting: Acting,
  { exhibit, release }: Prepared,
): Decision<readonly CaseEvent[]> {
  if (!exhibit?.file || exhibit.isDestroyed) return refuse('isNoFile', noFile)
  return decideRelease(state, acting, release)
}

const BEFORE_THE_DECISION: readonly string[] = ['isNoFile', 'receiptNotSealed']

/** A refusal of the release decision is kept as one; of what is asked before, as any refused act. */
function refusedAs(act: string) {
  return (state: CaseState, acting: Acting, { release }: Prepared, refusal: Refusal) =>
    BEFORE_THE_DECISION.includes(refusal.why)
      ? [actRefused(act, refusal)]
      : recordRefusedRelease(state, acting, release, refusal)
}

async function send(
  step: Step<unknown>,
  { release, exhibit, opening }: Prepared,
): Promise<object | undefined> {
  invariant(exhibit?.file, 'a file was released')
  const { exhibitId, name, mediaType, file: plaintext } = exhibit
  const file = { exhibitId, name, mediaType, plaintext, ...(opening ? { opening } : {}) }
  return sendRelease(step, release, 'release', { caseId: nameOfCase(step), file })
}

function mayReleaseFiles(state: CaseState): Decision<null> {
  const partners = hasPartners(state)
  return partners.decision === 'refuse' ? partners : hasFiles(state)
}

function hasFiles(state: CaseState): Decision<null> {
  const isFile = ({ file, isDestroyed }: Exhibit) => file !== undefined && !isDestroyed
  return state.evidence.exhibits.some(isFile) ? permit(null) : refuse('noFile', noFile)
}

const noFile = { rule: 'evidence:isFile', text: 'there is no such file in the vault of this case' }

const receiptNotSealed = {
  rule: 'evidence:sealedReceipt',
  text: 'the witnesses have not yet cosigned the entry of the file; try again shortly',
}
