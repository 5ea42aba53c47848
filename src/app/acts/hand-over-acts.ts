/**
 * A release for a counterpart without a node: decided like any other, then handed
 * over as a package, then acknowledged by hand.
 */
import { Type } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { permit, refuse } from '../../base/decision.ts'
import { calendarDate } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import { type HandedFile, KEY_MEANS } from '../../core/desk/desk-events.ts'
import { permittedRelease, type Release, type ReleaseEvent } from '../../core/release/release.ts'
import { askPolicy } from '../../core/release/request.ts'
import { type AskedAgain, standsAgainst } from '../../core/release/still-permitted.ts'
import { writeHandOver } from '../../wire/hand-over.ts'
import { caseAct, type Sight } from '../act.ts'
import { openingOf } from '../event-openings.ts'
import { againstHandingFile, type PackedHandOver, packFile } from '../hand-over-file.ts'
import { groundOfRelease, releaseBasis } from '../release-basis.ts'
import { decideRelease, prepareForRelease, recordRefusedRelease } from '../release-to-peer.ts'
import { id, reason, releaseReasons } from './fields.ts'

/** The same decision as for a peer with a node; nothing is sent. */
export const releaseByHand = caseAct({
  name: 'releaseByHand',
  topic: 'letters',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  input: Type.Object({
    recipient: Type.String({ maxLength: 100 }),
    purpose: Type.String({ maxLength: 60 }),
    categories: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 20 }),
    ...releaseReasons,
  }),
  prepare: (step) => {
    const { recipient, purpose, categories, legalBasis } = step.input
    const draft = { kind: 'case', recipient, purpose, categories, legalBasis } as const
    return prepareForRelease(step, { ...draft, answers: step.input })
  },
  decide: (state, _input, acting, prepared) => decideRelease(state, acting, prepared),
  refused: recordRefusedRelease,
  finish: async (_step, { command }) => ({ releaseId: command.releaseId }),
})

const MAKE = { name: 'makeHandOver', group: 'exchange', stepUp: true } as const

/** A released file goes in sealed to a key of the recipient, whom somebody asked about it. */
export const makeHandOver = caseAct({
  ...MAKE,
  topic: 'letters',
  input: Type.Object({
    releaseId: id,
    recipientKey: Type.Optional(Type.String({ maxLength: 2100 })),
    keyConfirmedBy: Type.Optional(Type.String({ maxLength: 200 })),
    keyMeans: Type.Optional(Type.Union(KEY_MEANS.map((means) => Type.Literal(means)))),
  }),
  when: (state) =>
    handable(state).length > 0
      ? permit(null)
      : refuse('nothingToHandOver', {
          rule: 'handOver:release',
          text: 'no permitted release waits to be handed over',
        }),
  before: async (sight): Promise<PackedHandOver | undefined> => {
    const { kernel, state, input } = sight
    const release = handable(state).find(({ releaseId }) => releaseId === input.releaseId)
    const opening = release && (await openingOfRelease(sight))
    if (!opening || (await againstFile(sight, release))) return undefined
    const { recipientKey } = input
    if (recipientKey !== undefined) return packFile(sight, release, opening, recipientKey)
    const archive = writeHandOver(opening, kernel.publicLog.policy)
    const digest = toHex(kernel.primitives.sha256(archive))
    const handOverId = kernel.random.uuidByTime()
    return { handOverId, archive, digest, sizeBytes: archive.length, isAsReleased: true }
  },
  prepare: async (step, made) => {
    const { kernel, caseId, state, acting, input } = step
    const release = permittedRelease(state.releases, input.releaseId)
    const sight = { kernel, caseId, state, acting }
    const { gathered, conditions } = await groundOfRelease(sight, release?.recipient ?? '')
    const ask: AskedAgain['ask'] = (document, question) =>
      askPolicy(document, question, kernel.policy.decide)
    const again = { conditions, ask }
    return { gathered, again, made, against: release && (await againstFile(step, release)) }
  },
  decide: (state, input, acting, { gathered, again, made, against }) => {
    const { releaseId } = input
    const release = handable(state).find((one) => one.releaseId === releaseId)
    if (!release) {
      const text = 'only a permitted release that was not sent is handed over'
      return refuse('notReleased', { rule: 'handOver:release', text })
    }
    const stands = standsAgainst(releaseBasis(state, gathered), release, acting, again) ?? against
    if (stands) return stands
    if (!made) {
      const text = 'the receipt of the release is not sealed yet; try again in a moment'
      return refuse('receiptNotSealed', { rule: 'handOver:receipt', text })
    }
    if (!made.isAsReleased) {
      const text = 'the file that lies here is not the one that was released'
      return refuse('notTheReleasedFile', { rule: 'handOver:digest', text })
    }
    const { handOverId, digest, sizeBytes } = made
    const { recipient } = release
    const file = handedFile(made, input)
    const more = file ? { file } : {}
    return permit([
      { type: 'handOverMade', handOverId, releaseId, recipient, digest, sizeBytes, ...more },
    ])
  },
  finish: async ({ kernel, caseId }, { made }) => {
    if (!made) return undefined
    await kernel.desk.handOvers.keep(caseId, made.handOverId, made.archive)
    if (made.sealed) await kernel.exhibits.settleFile(made.handOverId)
    return { handOverId: made.handOverId }
  },
})

type Making = {
  readonly releaseId: string
  readonly recipientKey?: string
  readonly keyConfirmedBy?: string
  readonly keyMeans?: HandedFile['keyMeans']
}

async function openingOfRelease({ kernel, caseId, input }: Sight<Making>) {
  const stream = await kernel.streams.read(caseId)
  const history = (stream?.history ?? []) as readonly Recorded<ReleaseEvent>[]
  const decided = history.findLast(
    ({ event }) =>
      event.type === 'releaseDecided' &&
      event.decision === 'permit' &&
      event.releaseId === input.releaseId,
  )
  return stream && decided && openingOf(kernel, stream, decided.version)
}

function againstFile(sight: Sight<Making>, release: Release) {
  const { recipientKey, keyConfirmedBy = '', keyMeans } = sight.input
  const isKeyConfirmed = keyConfirmedBy.trim() !== '' && keyMeans !== undefined
  const key = { ...(recipientKey === undefined ? {} : { recipientKey }), isKeyConfirmed }
  return againstHandingFile(sight, MAKE, release, key)
}

function handedFile(
  { sealed }: PackedHandOver,
  { recipientKey, keyConfirmedBy, keyMeans }: Making,
): HandedFile | undefined {
  if (!sealed || !recipientKey || !keyConfirmedBy || !keyMeans) return undefined
  return { ...sealed, recipientKey, keyConfirmedBy, keyMeans }
}

export const recordHandOver = caseAct({
  name: 'recordHandOver',
  topic: 'letters',
  group: 'exchange',
  input: Type.Object({
    handOverId: id,
    receivedOn: Type.String({ maxLength: 10 }),
    form: Type.Union([Type.Literal('typed'), Type.Literal('scanned')]),
    /** Who acknowledged. Kept sealed. */
    name: Type.String({ minLength: 1, maxLength: 200 }),
    acknowledgement: reason,
  }),
  when: ({ desk }) =>
    desk.handOvers.some(({ receipt }) => receipt === null)
      ? permit(null)
      : refuse('nothingHandedOver', {
          rule: 'handOver:open',
          text: 'no package waits for its receipt',
        }),
  prepare: async ({ kernel, input }) => {
    const { receivedOn, form, name, acknowledgement } = input
    // With a salt: the digest stands in the event, and a name could be guessed.
    const salt = toHex(kernel.random.bytes(16))
    const receipt = canonicalBytes({ receivedOn, form, name, acknowledgement, salt })
    return { receipt, receiptDigest: toHex(kernel.primitives.sha256(receipt)) }
  },
  decide: ({ desk }, { handOverId, receivedOn, form }, acting, { receiptDigest }) => {
    const handOver = desk.handOvers.find((one) => one.handOverId === handOverId)
    if (!handOver || handOver.receipt) {
      const text = 'there is no such package that waits for its receipt'
      return refuse('unknownHandOver', { rule: 'handOver:open', text })
    }
    const on = calendarDate(receivedOn, 'receivedOn')
    // A day of room: the counterpart's calendar may be a day ahead or behind.
    if (on > nextDay(acting.now) || on < previousDay(handOver.madeAt)) {
      const text = 'it was received between the making of the package and today'
      return refuse('dateImpossible', { rule: 'handOver:date', text })
    }
    return permit([{ type: 'handOverReceived', handOverId, receivedOn: on, form, receiptDigest }])
  },
  finish: async ({ kernel, caseId, input }, { receipt }) => {
    await kernel.desk.handOvers.keepReceipt(caseId, input.handOverId, receipt)
    return undefined
  },
})

function handable({ releases, desk }: CaseState) {
  return releases.permitted.filter(
    ({ releaseId, sentAt, withdrawn }) =>
      sentAt === null &&
      withdrawn === null &&
      !desk.handOvers.some((one) => one.releaseId === releaseId),
  )
}

const dayFrom = (at: string, days: number) =>
  Temporal.Instant.from(at).toZonedDateTimeISO('UTC').toPlainDate().add({ days }).toString()
const nextDay = (at: string) => dayFrom(at, 1)
const previousDay = (at: string) => dayFrom(at, -1)
