import { nodePrimitives, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { type Bytes, textFromUtf8, toBase64, utf8 } from '../../src/base/bytes.ts'
import { addMs, type Instant, MINUTE_MS, msOf } from '../../src/base/time.ts'
import { formatCheckpoint } from '../../src/proof/checkpoint.ts'
import { buildInclusion } from '../../src/proof/inclusion.ts'
import { formatReceipt } from '../../src/proof/receipt.ts'

import { hashLeaf, rootOf } from '../../src/proof/tree-hash.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import {
  type EventEnvelope,
  eventLogEntry,
  eventSignatureInput,
} from '../../src/wire/event-commitment.ts'
import { todaysEvent, type Upcasters } from '../../src/wire/event-versions.ts'
import { bagStatement, packageKey, SIGNATURE, writeBag } from '../../src/wire/package/bag.ts'
import type { PackageEvent, PackageStream } from '../../src/wire/package/content.ts'
import { bagInfoOf } from '../../src/wire/package/derived.ts'
import type { PackageFacts, StreamKind } from '../../src/wire/package/forms.ts'
import { type Files, readTar, writeTar } from '../../src/wire/package/tar.ts'
import {
  type PackageInput,
  type PackageSigner,
  writePackage,
} from '../../src/wire/package/write-package.ts'
import {
  CASE_ID,
  channelLine,
  ciphertext,
  type Draft,
  drafts,
  EXHIBIT_ID,
  OFFSET_MS,
  publicOf,
  START,
  seedOf,
  signerOf,
} from './package-record.ts'
import { ALBION, MERIDIA, SIERRA } from './ring.ts'
import { type TestSigner, testCosignature, testSignature, testSigner } from './test-log.ts'

export type LogWorld = {
  readonly log: TestSigner
  readonly witnesses: readonly TestSigner[]
  readonly policy: Bytes
}

/** The log of Meridia with three witnesses, of which two and the outside one must cosign. */
export function logWorld(variant = ''): LogWorld {
  const log = testSigner(`${MERIDIA}/ledger`, KEY_TYPE.ed25519, seedOf(`log${variant}`))
  const witness = (node: string) =>
    testSigner(`${node}/witness`, KEY_TYPE.cosignature, seedOf(`witness/${node}${variant}`))
  const [albion, sierra, outside] = [ALBION, SIERRA, 'witness.example'].map(witness) as [
    TestSigner,
    TestSigner,
    TestSigner,
  ]
  const policy = [
    `log ${formatVkey(log.key)}`,
    `witness albion ${formatVkey(albion.key)}`,
    `witness sierra ${formatVkey(sierra.key)}`,
    `witness outside ${formatVkey(outside.key)}`,
    'group parties any albion sierra',
    'group cross-border all parties outside',
    'quorum cross-border',
    '',
  ].join('\n')
  return { log, witnesses: [albion, sierra, outside], policy: utf8(policy) }
}

export type WorldOptions = {
  /** Changes the events before they are signed, committed to and logged. */
  readonly change?: (draft: Draft) => Draft | undefined
  /** Events that come last. */
  readonly more?: readonly Draft[]
  readonly world?: LogWorld
  /** Witnesses that cosign; all of them unless said. */
  readonly cosigners?: readonly TestSigner[]
  readonly offsetMs?: number
  /** How the events are read; what stands in the package stays as it was drafted. */
  readonly upcasters?: Upcasters
}

export const meridiaSigner: PackageSigner = {
  keyId: `${MERIDIA}/msg1`,
  publicKey: publicOf(`msg/${MERIDIA}`),
  sign: signerOf(`msg/${MERIDIA}`),
}

export function buildInput(options: WorldOptions = {}): PackageInput {
  const { world = logWorld(), change = (draft: Draft) => draft } = options
  const offsetMs = options.offsetMs ?? OFFSET_MS
  const streams = new Map<string, { kind: StreamKind; events: Omit<PackageEvent, 'receipt'>[] }>()
  const entries: Bytes[] = []
  let step = 0
  let waitedMs = 0
  for (const draft of [...drafts(world.log), ...(options.more ?? [])].map(change)) {
    if (!draft) continue
    step += 1
    waitedMs += draft.waitedMs ?? 0
    const wireNow = addMs(START, step * MINUTE_MS + waitedMs)
    // The second half of the story plays after the clock was moved.
    const at = addMs(wireNow, (draft.kind === 'case' ? offsetMs : 0) - (draft.waitedMs ?? 0))
    const stream = streams.get(draft.stream) ?? { kind: draft.kind, events: [] }
    streams.set(draft.stream, stream)
    const sealed = sealedEvent(draft, { at, wireNow, version: stream.events.length + 1 })
    stream.events.push({ ...sealed, event: todaysEvent(sealed.envelope.event, options.upcasters) })
    entries.push(stream.events.at(-1)?.entry as Bytes)
  }
  const cosigners = options.cosigners ?? world.witnesses
  const seenAt = addMs(START, step * MINUTE_MS + waitedMs)
  const receipts = receiptsFor(entries, world, { cosigners, seenAt })
  const wireNow = addMs(seenAt, 5 * MINUTE_MS)
  return {
    node: MERIDIA,
    caseId: CASE_ID,
    madeAt: { caseNow: addMs(wireNow, offsetMs), wireNow },
    simulatedClock: offsetMs > 0,
    clockOffsetMs: offsetMs,
    streams: [...streams].map(([id, { kind, events }]): PackageStream => {
      return {
        id,
        kind,
        events: events.map((event) => ({ ...event, receipt: receipts(event.entry) })),
      }
    }),
    exhibits: new Map([[EXHIBIT_ID, ciphertext]]),
    channel: [channelLine()],
  }
}

export async function buildPackage(options: WorldOptions = {}): Promise<Bytes> {
  return (await writePackage(nodePrimitives, buildInput(options), meridiaSigner)).bytes
}

/** Changes files of a package and makes its manifests and signature anew, as its node could. */
export async function repacked(
  bytes: Uint8Array,
  edit: (payload: Map<string, Bytes>) => void,
  signer: PackageSigner = meridiaSigner,
): Promise<Bytes> {
  const payload = new Map([...readTar(bytes)].filter(([path]) => path.startsWith('data/')))
  edit(payload)
  return sealBag(payload, signer)
}

export async function sealBag(payload: Files, signer: PackageSigner): Promise<Bytes> {
  const facts = factsIn(payload)
  // A test may break the facts beyond reading; the rest of the bag is made all the same.
  const info = facts?.madeAt ? bagInfoOf(facts, payload) : []
  const { files, tagManifestDigest } = writeBag(nodePrimitives, payload, info)
  const node = facts?.node ?? MERIDIA
  const text = bagStatement(node, tagManifestDigest)
  const { name, keyId } = packageKey(nodePrimitives, signer.keyId, signer.publicKey)
  const signature = toBase64(new Uint8Array([...keyId, ...(await signer.sign(utf8(text)))]))
  files.set(SIGNATURE, utf8(`${text}\n\u2014 ${name} ${signature}\n`))
  return writeTar(files)
}

function factsIn(payload: Files): PackageFacts | undefined {
  try {
    return JSON.parse(textFromUtf8(payload.get('data/package.json') ?? utf8('')))
  } catch {
    return undefined
  }
}

function sealedEvent(
  { stream, event, by, signedBy = by }: Draft,
  { at, wireNow, version }: { at: Instant; wireNow: Instant; version: number },
): Omit<PackageEvent, 'receipt' | 'event'> {
  const envelope: EventEnvelope = { v: 1, node: MERIDIA, stream, version, at, by, event }
  const salt = seedOf(`salt/${stream}/${version}`)
  const tag = seedOf(`tag/${stream}/${version}`).slice(0, 16)
  const ofNode = signedBy.startsWith('msg') ? signedBy : `msg/${MERIDIA}`
  const keyOf = signedBy.includes('.') ? ofNode : `officer/${signedBy}`
  return {
    envelope,
    salt,
    signature: signEd25519(seedOf(keyOf), eventSignatureInput(envelope)),
    entry: eventLogEntry(nodePrimitives, envelope, { salt, tag, wireNow }),
  }
}

const CHECKPOINT_EVERY = 8

/** Receipts under the first checkpoint after each entry; strangers' entries stand between. */
function receiptsFor(
  entries: readonly Bytes[],
  { log }: LogWorld,
  { cosigners, seenAt }: { readonly cosigners: readonly TestSigner[]; readonly seenAt: Instant },
): (entry: Bytes) => Bytes {
  const seenSeconds = msOf(seenAt) / 1000
  const all = entries.flatMap((entry, index) => [entry, utf8(`stranger ${index}`)])
  while (all.length % CHECKPOINT_EVERY > 0) all.push(utf8(`filler ${all.length}`))
  const leaves = all.map((entry) => hashLeaf(nodePrimitives, entry))
  return (entry) => {
    const index = all.indexOf(entry)
    const treeSize = Math.ceil((index + 1) / CHECKPOINT_EVERY) * CHECKPOINT_EVERY
    const below = leaves.slice(0, treeSize)
    const head = { treeSize, rootHash: rootOf(nodePrimitives, below) }
    const text = formatCheckpoint({ origin: log.key.name, ...head, extensions: [] })
    const lines = cosigners.map((each) => testCosignature(each, text, seenSeconds))
    const note = { text, signatures: [testSignature(log, text), ...lines] }
    const proof = buildInclusion(nodePrimitives, index, below)
    return new Uint8Array(formatReceipt({ proof, note }))
  }
}
