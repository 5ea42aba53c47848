/**
 * The other side at its own seat: an operator or its counsel claims that parts are
 * confidential or privileged, challenges a rejection, offers commitments and appeals, and
 * whoever an exhibit was shared with reads it, each look with its purpose and an act of
 * custody. With an account or as a guest; what each may do is decided in core.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { type CalendarDate, calendarDate } from '../base/time.ts'
import type { Admission } from '../core/access/case-access.ts'
import type { Action } from '../core/access/decide-access.ts'
import { documentsOf } from '../core/access/documents.ts'
import { sharingBar } from '../core/access/shared-exhibit.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { recordCustody } from '../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../core/evidence/evidence.ts'
import { isBinding, ordersForAccess } from '../core/evidence/protective-orders.ts'
import type { LawPack } from '../core/law/pack.ts'
import {
  type Appealed,
  type AppealRoute,
  fileAppeal,
  offerCommitment,
} from '../core/rights/appeals.ts'
import { CLAIM_KINDS, type ClaimKind, challengeClaim, fileClaim } from '../core/rights/claims.ts'
import { openReview } from '../core/rights/review.ts'
import type { RedactedRecord } from '../proof/redacted-record.ts'
import { accessContext, decideOnCase } from './access.ts'
import { readingTasks, toldOf } from './answer-shared.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import { actingOf } from './guests.ts'
import type { Kernel } from './kernel.ts'
import { type OpenToOtherSide, openToOtherSide } from './open-to-other-side.ts'
import { calledBack } from './read-exhibit-access.ts'

const text = Type.String({ minLength: 1, maxLength: 4000 })
const id = Type.String({ maxLength: 40 })
const part = Type.String({ maxLength: 60 })

/** One form for each thing that the other side says. */
export const OTHER_SIDE_FORMS = {
  claim: Type.Object({
    kind: Type.Union(CLAIM_KINDS.map((kind) => Type.Literal(kind))),
    exhibitIds: Type.Array(id, { maxItems: 50 }),
    categories: Type.Array(part, { maxItems: 20 }),
    text,
  }),
  challengeClaim: Type.Object({ claimId: id, text }),
  offer: Type.Object({ byOn: Type.String({ maxLength: 10 }), text }),
  appeal: Type.Object({ against: Type.String({ maxLength: 60 }), text }),
} as const

export type OtherSideWord = keyof typeof OTHER_SIDE_FORMS

export type OtherSideInput = {
  readonly kind?: ClaimKind
  readonly exhibitIds?: readonly string[]
  readonly categories?: readonly string[]
  readonly claimId?: string
  readonly byOn?: string
  /** `<kind>:<id>` of what is appealed. */
  readonly against?: string
  readonly text: string
}

const SAY: Action = { name: 'answerShared', group: 'answerShared' }

export type OtherSideDoor =
  | { readonly linkId: string; readonly secret: string }
  | { readonly caseId: string; readonly acting: Acting }

/** `undefined`: the guest has no session, or nothing is shared with it any more. */
export async function sayAsOtherSide(
  kernel: Kernel,
  door: OtherSideDoor,
  word: OtherSideWord,
  input: OtherSideInput,
): Promise<Decision<null> | undefined> {
  const { packs } = await kernel.law.context()
  return atSeat(kernel, door, async ({ state, admission, acting }) => {
    const open = openToOtherSide(state, admission)
    if (!open) return refuse('notAsked', { rule: 'otherSide:seat', text: 'this seat only looks' })
    return decideWord({ kernel, state, admission, acting, open, packs }, word, input)
  })
}

type Seat = { readonly state: CaseState; readonly admission: Admission; readonly acting: Acting }
type Speaking = Seat & {
  readonly kernel: Kernel
  readonly open: OpenToOtherSide
  readonly packs: readonly LawPack[]
}

function decideWord(
  { kernel, state, admission, acting, open, packs }: Speaking,
  word: OtherSideWord,
  input: OtherSideInput,
): Decision<readonly CaseEvent[]> {
  const { person } = admission
  const { rights } = state
  const own = kernel.random.uuidByTime()
  switch (word) {
    case 'claim': {
      const { kind = 'confidentiality', exhibitIds = [], categories = [] } = input
      const claim = { claimId: own, person, kind, exhibitIds, categories, text: input.text }
      return fileClaim(rights.claims, claim, open)
    }
    case 'challengeClaim': {
      const { claimId = '' } = input
      const challenge = { claimId, person, text: input.text }
      const decided = challengeClaim(rights.claims, challenge, acting)
      if (decided.decision === 'refuse') return decided
      const subject = { kind: 'claim', id: claimId } as const
      const asked = { reviewId: own, subject, covers: null, caseHandlers: state.handlers }
      const review = openReview(rights, asked, acting)
      return review.decision === 'refuse'
        ? review
        : permit([...decided.value, ...review.value], ...decided.because)
    }
    case 'offer': {
      const byOn: CalendarDate = calendarDate(input.byOn ?? '', 'byOn')
      const offer = { commitmentId: own, person, text: input.text, byOn }
      return offerCommitment(rights.commitments, offer, acting)
    }
    case 'appeal': {
      const [kind = '', id = ''] = (input.against ?? '').split(':')
      const against = { kind, id } as Appealed
      const route = appealRoute(packs, kernel.node.legalOrder)
      const appeal = { appealId: own, person, against, text: input.text, route }
      return fileAppeal(rights.appeals, appeal, open.appealable)
    }
  }
}

/** What the pack of this authority names as a way to appeal; null: it names none. */
export function appealRoute(packs: readonly LawPack[], legalOrder: string): AppealRoute | null {
  const pack = packs.find((one) => one.legalOrder === legalOrder)
  const remedies = (pack?.instruments ?? []).flatMap((instrument) => instrument.remedies)
  const found = remedies.find(({ kind }) => kind === 'appeal' || kind === 'judicial')
  if (!found) return null
  const { article, source, evidence } = found.basis
  return { remedyId: found.id, article, source, evidence }
}

/** The parts of an exhibit that was shared; the look, its purpose and its reader are on record. */
export async function readSharedExhibit(
  kernel: Kernel,
  door: OtherSideDoor,
  { exhibitId, purpose }: { readonly exhibitId: string; readonly purpose: string },
): Promise<Decision<RedactedRecord> | undefined> {
  const decision = await atSeat(kernel, door, async ({ state, admission, acting }) =>
    decideLook(state, admission, acting, { exhibitId, purpose }),
  )
  if (decision?.decision !== 'permit') return decision
  return permit(await kernel.exhibits.open(exhibitId))
}

export function decideLook(
  state: CaseState,
  admission: Admission,
  acting: Acting,
  { exhibitId, purpose }: { readonly exhibitId: string; readonly purpose: string },
): Decision<readonly CaseEvent[]> {
  const { person, capacity, sees } = admission
  const exhibit = exhibitOf(state.evidence, exhibitId)
  if (!exhibit || !documentsOf(state.access, admission, 'exhibits').includes(exhibitId)) {
    const text = 'no such exhibit is shared with you'
    return refuse('notShared', { rule: 'access:notShared', text })
  }
  if (exhibit.file) {
    const text = 'this exhibit is a file: ask the authority for the parts that you may see'
    return refuse('isFile', { rule: 'evidence:isFile', text })
  }
  const retracted = calledBack(state, exhibitId)
  if (retracted) return retracted
  const bar = sharingBar(state, { person, exhibitId }, acting.now)
  if (bar) return bar
  const order = ordersForAccess(state.evidence).find(
    (one) =>
      isBinding(one, acting.now) &&
      (one.exhibits === null || one.exhibits.includes(exhibitId)) &&
      !one.maySee.includes(person),
  )
  if (order) {
    const text = `a protective order (${order.reference}) does not let you read it`
    return refuse('orderForbids', { rule: `order:${order.orderId}`, text })
  }
  const { digest } = exhibit
  const look = { exhibitId, act: 'opened', purpose, digest } as const
  const custody = recordCustody(state.evidence, look, acting)
  if (custody.decision === 'refuse') return custody
  const viewed: CaseEvent =
    capacity === 'guest'
      ? { type: 'guestViewed', person, sees, documentId: exhibitId }
      : { type: 'sharedViewed', person, capacity, sees, documentId: exhibitId }
  return permit([...custody.value, viewed])
}

/** Asks whether the seat is still there, decides, appends, and tells the officers. */
async function atSeat(
  kernel: Kernel,
  door: OtherSideDoor,
  decide: (seat: Seat) => Promise<Decision<readonly CaseEvent[]>>,
): Promise<Decision<null> | undefined> {
  const at = await seatOf(kernel, door)
  if (!at) return undefined
  const { caseId, acting } = at
  const [context, officers] = await Promise.all([accessContext(kernel), kernel.people.officers()])
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') throw noSuchCase()
    const state = foldCaseStream(stream.history)
    const access = decideOnCase(state, SAY, { caseId, acting, context })
    if (access.decision === 'refuse') return access
    const admission = state.access.admitted.find(({ person }) => person === acting.officer)
    if (!admission || access.value.tie !== 'admitted') {
      return refuse('notAdmitted', {
        rule: 'access:notAdmitted',
        text: 'nothing is shared with you',
      })
    }
    const decided = await decide({ state, admission, acting })
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value, kernel.node.id)
    const isWord = decided.value.some(({ type }) => type !== 'custodyRecorded')
    const isLook = decided.value.some(({ type }) => /Viewed$/.test(type))
    if (isWord && !isLook) {
      const told = toldOf(state, officers)
      const title = 'Read what the other side claims, offers or appeals'
      for (const task of readingTasks(kernel, caseId, told, acting.now, title)) {
        await unit.addTask(task)
      }
    }
    return permit(null, ...decided.because)
  })
}

async function seatOf(kernel: Kernel, door: OtherSideDoor) {
  if ('caseId' in door) return door
  const link = await kernel.desk.guests.look(door.linkId, door.secret)
  return link && { caseId: link.caseId, acting: actingOf(kernel, link) }
}
