/**
 * The other side at its own seat: an operator or its counsel claims that parts are
 * confidential or privileged, challenges a rejection, offers commitments and appeals. With
 * an account or as a guest; what each may do is decided in core. What it reads is in
 * `read-shared-exhibit.ts`.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { type CalendarDate, calendarDate } from '../base/time.ts'
import type { Admission } from '../core/access/case-access.ts'
import type { Action } from '../core/access/decide-access.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { LawPack } from '../core/law/pack.ts'
import {
  type Appealed,
  type AppealRoute,
  fileAppeal,
  offerCommitment,
} from '../core/rights/appeals.ts'
import { CLAIM_KINDS, type ClaimKind, challengeClaim, fileClaim } from '../core/rights/claims.ts'
import { openReview } from '../core/rights/review.ts'
import { type Asking, accessContext, decideOnCase } from './access.ts'
import { readingTasks, toldOf } from './answer-shared.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import { actingOf } from './guests.ts'
import type { Kernel } from './kernel.ts'
import { type OpenToOtherSide, openToOtherSide } from './open-to-other-side.ts'

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

export type Seat = {
  readonly state: CaseState
  readonly admission: Admission
  readonly acting: Acting
}
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

/** Asks whether the seat is still there, decides, appends, and tells the officers. */
export async function atSeat(
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
    const admitted = admittedTo(state, { caseId, acting, context })
    if (admitted.decision === 'refuse') return admitted
    const decided = await decide({ state, admission: admitted.value, acting })
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

/** By what the person sits here; whoever reads the case by another tie does not. */
export function admittedTo(
  state: CaseState,
  asking: Omit<Asking, 'timeStamps'>,
): Decision<Admission> {
  const access = decideOnCase(state, SAY, asking)
  if (access.decision === 'refuse') return access
  const admission = state.access.admitted.find(({ person }) => person === asking.acting.officer)
  if (admission && access.value.tie === 'admitted') return permit(admission)
  const text = 'nothing is shared with you'
  return refuse('notAdmitted', { rule: 'access:notAdmitted', text })
}

export async function seatOf(
  kernel: Kernel,
  door: OtherSideDoor,
): Promise<Extract<OtherSideDoor, { caseId: string }> | undefined> {
  if ('caseId' in door) return door
  const link = await kernel.desk.guests.look(door.linkId, door.secret)
  return link && { caseId: link.caseId, acting: actingOf(kernel, link) }
}
