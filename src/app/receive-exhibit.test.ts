/** An answer that nobody asked for costs this node no process and leaves nothing behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildInput, logWorld } from '../../test/support/package-world.ts'
import { ALBION, digestOf, MERIDIA, NOW, ringAgreement } from '../../test/support/ring.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { systemRandom } from '../adapters/random.ts'
import { textFromUtf8 } from '../base/bytes.ts'
import type { Policy } from '../proof/policy.ts'
import { writeEventOpening } from '../wire/event-opening.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent, OpenStream, Unit } from './ports/streams.ts'
import { receiveExhibitAnswer } from './receive-exhibit.ts'

const document = ringAgreement({ quorum: textFromUtf8(logWorld().policy) })
const digest = digestOf(document)
const agreement = { id: document.id, version: document.version, digest }

/** Events of an invented case of Meridia, as it sealed, redacted and released them. */
const sent = buildInput().streams.find(({ kind }) => kind === 'case')?.events ?? []
const eventOf = (type: string) => {
  const found = sent.findLast(({ envelope }) => envelope.event.type === type)
  assert.ok(found)
  return found
}

function unwantedAnswer(): ContentOf<'assistanceAnswer'> {
  const copy = eventOf('exhibitRedacted').envelope.event as never as Record<string, never>
  const { type: _, ...exhibit } = copy
  const released = eventOf('releaseDecided').envelope.event as never as Record<string, never>
  const { releaseId, kind, purpose, legalBasis, categories, view } = released
  const { envelope, ...proof } = eventOf('exhibitSealed')
  return {
    release: { releaseId, kind, purpose, legalBasis, categories, view, agreement, duties: [] },
    caseId: envelope.stream,
    answer: {
      requestId: '01990000-0000-7000-8000-000000000009',
      answer: 'partial',
      codes: [],
      regime: null,
      reasons: 'Nobody asked.',
    },
    exhibit,
    opening: writeEventOpening(envelope, proof),
  } as unknown as ContentOf<'assistanceAnswer'>
}

test('a proven copy that answers no request of ours is rejected before it is kept', async () => {
  let kept = 0
  const events: AnyEvent[] = []
  const stream: OpenStream = {
    id: 'x',
    kind: 'case',
    history: [],
    append: async (more) => void events.push(...more),
  }
  const kernel = {
    publicLog: { withFollowers: (policy: Policy) => policy },
    node: { id: ALBION },
    primitives: nodePrimitives,
    random: systemRandom,
    exhibits: { keep: async () => void kept++ },
    registers: {
      agreements: async () => [{ id: document.id, state: 'inForce', digest, document }],
    },
    streams: { read: async () => agreementStream() },
  } as unknown as Kernel
  const receiving = {
    kernel,
    unit: { open: async () => undefined, openLinked: async () => stream } as unknown as Unit,
    origin: MERIDIA,
    acting: { officer: MERIDIA, roles: [], authority: ALBION, now: NOW },
  }
  const outcome = await receiveExhibitAnswer(receiving, unwantedAnswer())
  assert.equal(outcome.decision, 'rejected')
  assert.equal(outcome.rule, 'assistance:unknownRequest')
  assert.equal(kept, 0)
  assert.deepEqual(events, [])
})

function agreementStream() {
  const signed = document.parties.map(({ node: party }) => {
    return {
      type: 'agreementSigned',
      party,
      officer: 'x',
      digest,
      signature: 'AA==',
      simulated: true,
    }
  })
  const events = [
    { type: 'agreementDrafted', document, digest },
    { type: 'agreementOffered', digest, offeredBy: MERIDIA },
    ...signed,
    { type: 'agreementEnteredIntoForce', digest },
  ]
  const history = events.map((event, index) => ({ event, version: index + 1, at: NOW, by: 'x' }))
  return { id: document.id, kind: 'agreement', history, sealedEvents: [] }
}
