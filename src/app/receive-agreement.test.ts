/** What a peer says about an agreement counts only as signed, and what does not count is kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, digestOf, MERIDIA, NOW, ringAgreement, SIERRA } from '../../test/support/ring.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../adapters/node-primitives.ts'
import { toBase64, toHex } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import { addMs, DAY_MS, type Instant } from '../base/time.ts'
import type { AgreementEvent, AgreementStep } from '../core/agreement/agreement-events.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import { agreementSignatureInput, agreementStepInput } from '../wire/agreement-statement.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import type { Kernel } from './kernel.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import type { AnyEvent, OpenStream, Unit } from './ports/streams.ts'
import {
  receiveAgreementConsent,
  receiveAgreementOffer,
  receiveAgreementSignature,
  receiveAgreementStep,
} from './receive-agreement.ts'
import type { Receiving } from './receive-message.ts'

const OFFICER = '01990000-0000-7000-8000-000000000009'
const SEEDS = new Map([
  [ALBION, new Uint8Array(32).fill(7)],
  [SIERRA, new Uint8Array(32).fill(8)],
])
const seedOf = (node: string) => SEEDS.get(node) ?? new Uint8Array(32).fill(1)

const parties = ringAgreement().parties.map((party) => ({
  ...party,
  messageKeys: [
    {
      id: `${party.node}/msg1`,
      fingerprint: toHex(nodePrimitives.sha256(publicKeyOf(seedOf(party.node)))),
    },
  ],
}))
const text = ringAgreement({ parties })
const digest = digestOf(text)
const offered: readonly AgreementEvent[] = [
  { type: 'agreementDrafted', document: text, digest },
  { type: 'agreementOffered', digest, offeredBy: MERIDIA },
]
const inForce: readonly AgreementEvent[] = [
  ...offered,
  ...text.parties.map(({ node: party }) => ({
    type: 'agreementSigned' as const,
    ...{ party, officer: OFFICER, digest, signature: 'AA==', simulated: true },
  })),
  { type: 'agreementEnteredIntoForce', digest },
]

type World = {
  readonly from: (origin: string) => Receiving
  readonly appended: readonly { readonly event: AnyEvent; readonly by: string }[]
  readonly withheld: readonly string[]
}

function world(
  history: readonly AnyEvent[],
  { revokedAt, now = NOW }: { readonly revokedAt?: Instant; readonly now?: Instant } = {},
): World {
  const streams = new Map<string, OpenStream>()
  const appended: { event: AnyEvent; by: string }[] = []
  const withheld: string[] = []
  const create = async (id: string) => {
    const past: { event: AnyEvent; version: number; at: Instant; by: string }[] = []
    const stream: OpenStream = {
      ...{ id, kind: 'agreement', history: past },
      append: async (events, by) => {
        for (const event of events) {
          past.push({ event, version: past.length + 1, at: now, by })
          appended.push({ event, by })
        }
      },
    }
    streams.set(id, stream)
    return stream
  }
  if (history.length > 0) void create(text.id).then((stream) => stream.append(history, MERIDIA))
  const find = (id: string) => {
    const key = { id: `${id}/msg1`, node: id, publicKey: publicKeyOf(seedOf(id)) }
    return SEEDS.has(id)
      ? { id, messageKeys: [revokedAt ? { ...key, revokedAt } : key] }
      : undefined
  }
  const kernel = {
    primitives: nodePrimitives,
    node: { id: MERIDIA },
    clocks: { wireNow: () => now },
    peers: { find },
  }
  const unit = {
    open: async (id: string) => streams.get(id),
    create,
    withhold: async (of: string) => void withheld.push(of),
  }
  const from = (origin: string): Receiving => ({
    kernel: kernel as unknown as Kernel,
    unit: unit as unknown as Unit,
    origin,
    acting: { officer: origin, roles: [], authority: MERIDIA, now },
  })
  return { from, withheld, appended: appended as World['appended'] }
}

const past = (events: readonly AnyEvent[]) => events.map(({ type }) => type)
const newTypes = ({ appended }: World, before: readonly AnyEvent[]) =>
  past(appended.map(({ event }) => event)).slice(before.length)

function signatureOf(party: string, of = digest, seed = seedOf(party), agreement = text.id) {
  const statement = { agreement, digest: of, party, signedAt: NOW }
  const signature = toBase64(signEd25519(seed, agreementSignatureInput(statement)))
  return { party, officer: OFFICER, digest: of, signature, simulated: true, signedAt: NOW }
}

function signedStep(step: AgreementStep, seed = seedOf(step.party)) {
  const said = { agreement: text.id, officer: OFFICER, at: NOW, step }
  const signature = toBase64(signEd25519(seed, agreementStepInput(said)))
  return { ...step, statement: { officer: OFFICER, at: NOW, signature } }
}

const asContent = (step: AgreementStep) =>
  ({ agreementId: text.id, step }) as unknown as ContentOf<'agreementStep'>

function nextText(changes: Partial<AgreementDocument> = {}) {
  const document = { ...text, version: 2, title: 'Second', ...changes }
  return { document, digest: digestOf(document) }
}

const textStep = (party: string): AgreementStep => ({
  ...{ type: 'agreementTextOffered', party, ...nextText(), reason: 'because', rapid: false },
  signBy: addMs(NOW, 30 * DAY_MS),
})
const suspension: AgreementStep = {
  ...{ type: 'agreementSuspended', party: ALBION, reason: 'keys were lost' },
  ...{ code: 'keysCompromised', reviewAt: addMs(NOW, DAY_MS) },
}

const isUnverified = (error: unknown) => error instanceof ComityError && error.code === 'unverified'
const ruleOf = ({ decision, rule }: MessageOutcome) => `${decision} ${rule ?? ''}`.trim()

test('the pinned key signs', async () => {
  const here = world(offered)
  const content = { agreementId: text.id, signature: signatureOf(ALBION) }
  assert.deepEqual(await receiveAgreementSignature(here.from(ALBION), content), {
    decision: 'applied',
  })
  assert.deepEqual(newTypes(here, offered), ['agreementSigned'])
})

test('a key that the text does not name for this party does not', async () => {
  for (const messageKeys of [
    [{ id: `${ALBION}/msg1`, fingerprint: '0'.repeat(64) }],
    [{ id: `${ALBION}/msg2`, fingerprint: parties[1]?.messageKeys[0]?.fingerprint ?? '' }],
  ]) {
    const others = parties.map((one) => (one.node === ALBION ? { ...one, messageKeys } : one))
    const document = ringAgreement({ parties: others })
    const own = digestOf(document)
    const here = world([
      { type: 'agreementDrafted', document, digest: own } as AnyEvent,
      { type: 'agreementOffered', digest: own, offeredBy: MERIDIA } as AnyEvent,
    ])
    const content = { agreementId: text.id, signature: signatureOf(ALBION, own) }
    await assert.rejects(receiveAgreementSignature(here.from(ALBION), content), isUnverified)
  }
})

test('a signature by a revoked key is refused and kept with its reason', async () => {
  const here = world(offered, { revokedAt: addMs(NOW, -1) })
  const content = { agreementId: text.id, signature: signatureOf(ALBION) }
  const outcome = await receiveAgreementSignature(here.from(ALBION), content)
  assert.equal(ruleOf(outcome), 'rejected agreement:keyRevoked')
  assert.deepEqual(newTypes(here, offered), ['agreementStepRefused'])
  const { event } = here.appended.at(-1) as { event: { why?: string; party?: string } }
  assert.deepEqual([event.why, event.party], ['keyRevoked', ALBION])
  const force = world(inForce, { revokedAt: NOW })
  const step = asContent(signedStep(suspension))
  assert.equal(
    ruleOf(await receiveAgreementStep(force.from(ALBION), step)),
    'rejected agreement:keyRevoked',
  )
  const later = world(offered, { revokedAt: addMs(NOW, 1) })
  assert.equal((await receiveAgreementSignature(later.from(ALBION), content)).decision, 'applied')
})

test('a peer speaks for itself only, and signs what it says', async () => {
  const here = world(inForce)
  const others = asContent(signedStep(suspension))
  assert.equal(
    ruleOf(await receiveAgreementStep(here.from(SIERRA), others)),
    'rejected agreement:ownStep',
  )
  const foreign = { agreementId: text.id, signature: signatureOf(ALBION) }
  assert.equal(
    ruleOf(await receiveAgreementSignature(here.from(SIERRA), foreign)),
    'rejected agreement:ownSignature',
  )
  const unsigned = [
    suspension,
    signedStep(suspension, seedOf(SIERRA)),
    { ...signedStep(suspension), reason: 'another reason' },
    { ...signedStep(suspension), reviewAt: addMs(NOW, 2 * DAY_MS) },
  ]
  for (const step of unsigned) {
    await assert.rejects(receiveAgreementStep(here.from(ALBION), asContent(step)), isUnverified)
  }
  const wrong = { ...textStep(ALBION), digest: 'f'.repeat(64) }
  const forged = asContent(signedStep(wrong as AgreementStep))
  await assert.rejects(receiveAgreementStep(here.from(ALBION), forged), isUnverified)
  assert.deepEqual(newTypes(here, inForce), [])
})

test('a suspension is kept as it was signed, and takes back what waits to be sent', async () => {
  const here = world(inForce)
  const step = signedStep(suspension)
  assert.equal((await receiveAgreementStep(here.from(ALBION), asContent(step))).decision, 'applied')
  assert.deepEqual(here.appended.at(-1), { event: step, by: ALBION })
  assert.deepEqual(here.withheld, [digest])
  const partly = world(inForce)
  const clauses = signedStep({ ...suspension, clauses: ['4.1'] } as AgreementStep)
  await receiveAgreementStep(partly.from(ALBION), asContent(clauses))
  assert.deepEqual(partly.withheld, [])
})

test('another text under the same id is no second agreement', async () => {
  const here = world(inForce)
  const { document, digest: other } = nextText()
  const content = { document, digest: other } as unknown as ContentOf<'agreementOffer'>
  const outcome = await receiveAgreementOffer(here.from(ALBION), content)
  assert.equal(ruleOf(outcome), 'rejected agreement:once')
  assert.deepEqual(newTypes(here, inForce), ['agreementStepRefused'])
})

test('a signature that comes before the offer it is about brings the offer with it', async () => {
  const step = signedStep(textStep(SIERRA)) as Extract<
    AgreementStep,
    { type: 'agreementTextOffered' }
  >
  const { type: _, ...said } = step
  const offer = { ...said, isFirst: false } as unknown as NonNullable<
    ContentOf<'agreementSignature'>['offer']
  >
  const here = world(inForce)
  const signature = signatureOf(ALBION, step.digest)
  const bare = { agreementId: text.id, signature }
  const early = await receiveAgreementSignature(here.from(ALBION), bare)
  assert.equal(early.decision, 'rejected')
  const whole = await receiveAgreementSignature(here.from(ALBION), { ...bare, offer })
  assert.equal(whole.decision, 'applied')
  assert.deepEqual(newTypes(here, inForce), [
    ...['agreementStepRefused', 'agreementTextOffered', 'agreementSigned'],
  ])
  // Its own message comes last, and changes nothing.
  const own = await receiveAgreementStep(here.from(SIERRA), asContent(step))
  assert.equal(own.decision, 'applied')
  assert.equal(newTypes(here, inForce).length, 3)
  const forged = { ...offer, reason: 'another' }
  const other = world(inForce)
  await assert.rejects(
    receiveAgreementSignature(other.from(ALBION), { ...bare, offer: forged }),
    isUnverified,
  )
})

test('the first offer may come with a signature as well', async () => {
  const offeredStep = {
    type: 'agreementOffered' as const,
    digest,
    offeredBy: SIERRA,
    signBy: addMs(NOW, DAY_MS),
  }
  const input = agreementStepInput({
    ...{ agreement: text.id, officer: OFFICER, at: NOW },
    step: offeredStep,
  })
  const statement = {
    officer: OFFICER,
    at: NOW,
    signature: toBase64(signEd25519(seedOf(SIERRA), input)),
  }
  const more = { party: SIERRA, signBy: offeredStep.signBy, rapid: false, reason: '' }
  const offer = {
    document: text,
    digest,
    ...more,
    isFirst: true,
    statement,
  } as unknown as NonNullable<ContentOf<'agreementSignature'>['offer']>
  const here = world([])
  const content = { agreementId: text.id, signature: signatureOf(ALBION) }
  const unknown = await receiveAgreementSignature(here.from(ALBION), content)
  assert.equal(ruleOf(unknown), 'rejected agreement:known')
  await receiveAgreementSignature(here.from(ALBION), { ...content, offer })
  assert.deepEqual(past(here.appended.map(({ event }) => event)), [
    ...['agreementDrafted', 'agreementOffered', 'agreementSigned'],
  ])
  const late = { document: text, digest, signBy: offeredStep.signBy, statement }
  const again = await receiveAgreementOffer(
    here.from(SIERRA),
    late as unknown as ContentOf<'agreementOffer'>,
  )
  assert.equal(again.decision, 'applied')
  assert.equal(here.appended.length, 3)
})

test('silence consents to a rapid amendment only', async () => {
  const step = signedStep(textStep(SIERRA))
  const here = world(inForce)
  await receiveAgreementStep(here.from(SIERRA), asContent(step))
  const of = nextText().digest
  const said = {
    agreement: text.id,
    digest: of,
    party: ALBION,
    signedAt: NOW,
    bySilence: true as const,
  }
  const signature = toBase64(signEd25519(seedOf(ALBION), agreementSignatureInput(said)))
  const consent = { party: ALBION, digest: of, signature, signedAt: NOW, simulated: true }
  const outcome = await receiveAgreementConsent(here.from(ALBION), {
    ...{ agreementId: text.id, consent },
  })
  assert.equal(ruleOf(outcome), 'rejected agreement:rapidNotAllowed')
})
