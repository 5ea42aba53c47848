/**
 * What happened in the small world of package-world.ts: who is who, an agreement of
 * three parties, and one case with an exhibit, a redacted copy, a release, refusals
 * and an advisory. All of it invented.
 */
import { createHash } from 'node:crypto'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { type Bytes, toBase64, toHex, utf8 } from '../../src/base/bytes.ts'
import { canonicalBytes, type Json } from '../../src/base/canonical-json.ts'
import { addMs, DAY_MS, instant, MINUTE_MS } from '../../src/base/time.ts'
import type { PublishedDocument } from '../../src/core/authority/authority.ts'
import { redactRecord, rootFromRedactedRecord } from '../../src/proof/redacted-record.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import { agreementSignatureInput } from '../../src/wire/agreement-statement.ts'
import { linkOf, type MessageHeader, ZERO_LINK } from '../../src/wire/exchange/message-header.ts'
import type { NodeDocument } from '../../src/wire/exchange/node-document.ts'
import { DOMAIN, domainBytes } from '../../src/wire/exchange/signed.ts'
import type { ChannelLine, StreamKind } from '../../src/wire/package/forms.ts'
import { ALBION, digestOf, MERIDIA, ringAgreement, SIERRA } from './ring.ts'
import { type TestSigner, testSigner } from './test-log.ts'

export const CASE_ID = '01990000-0000-7000-8000-00000000ca5e'
export const AGREEMENT_ID = '01990000-0000-7000-8000-000000000001'
export const AUTHORITY_ID = '01990000-0000-7000-8000-0000000000a1'
export const LAW_ID = '01990000-0000-7000-8000-0000000000a2'
export const EXHIBIT_ID = '01990000-0000-7000-8000-0000000000e1'
export const COPY_ID = '01990000-0000-7000-8000-0000000000e2'
const RELEASE_ID = '01990000-0000-7000-8000-0000000000f1'
const MESSAGE_ID = '01990000-0000-7000-8000-0000000000f2'

export const IRIS = '6f0c5f0a-0000-4000-8000-000000000001'
export const LENA = '6f0c5f0a-0000-4000-8000-000000000002'
export const BRAM = '6f0c5f0a-0000-4000-8000-000000000003'

export const START = instant('2026-11-22T12:10:00.000Z')
export const OFFSET_MS = 3 * DAY_MS

/** 32 bytes that follow from a label. */
export const seedOf = (label: string): Bytes =>
  new Uint8Array(createHash('sha256').update(`world/${label}`).digest())

export const signerOf = (label: string) => (message: Uint8Array) =>
  signEd25519(seedOf(label), message)
export const publicOf = (label: string) => publicKeyOf(seedOf(label))

/** An event about to be appended. */
export type Draft = {
  readonly stream: string
  readonly kind: StreamKind
  readonly event: { readonly type: string; readonly [member: string]: unknown }
  readonly by: string
  /** Whose key signs; the key of `by` unless said. */
  readonly signedBy?: string
  /** So long it waited for its log entry; nothing unless said. */
  readonly waitedMs?: number
}

const turns: readonly Json[] = [
  { speaker: 'person', text: 'Can I stop taking my medicine?' },
  { speaker: 'system', text: 'Invented harmful answer.' },
  { speaker: 'person', text: 'My name is Invented Person.' },
]
const salts = turns.map((_, index) => seedOf(`turn/${index}`))
const copy = redactRecord(nodePrimitives, turns, salts, (index) => index !== 2)
const copyBytes = canonicalBytes(copy)
export const ciphertext = utf8(`age-encryption.org/v1\n${'invented ciphertext '.repeat(40)}`)
const hex = (bytes: Uint8Array) => toHex(nodePrimitives.sha256(bytes))
const partsRoot = toHex(rootFromRedactedRecord(nodePrimitives, copy))
const advisory = {
  document: { title: 'Advisory (invented)', tracking: { id: 'COMITY-2026-0001' } },
}

export function publishedDocument(node: string, logVkey: string): PublishedDocument {
  const witness = testSigner(`${node}/witness`, KEY_TYPE.cosignature, seedOf(`witness/${node}`))
  const document: NodeDocument = {
    v: 1,
    node,
    name: `Authority of ${node} (fictional)`,
    legalOrder: 'EU',
    endpoints: { federation: `https://${node}` },
    messageKeys: [
      {
        id: `${node}/msg1`,
        alg: 'ed25519',
        key: toBase64(publicOf(`msg/${node}`)),
        validFrom: addMs(START, -DAY_MS),
        validUntil: addMs(START, 400 * DAY_MS),
      },
    ],
    encryptionRecipient: 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq',
    logKey: logVkey,
    witnessKey: formatVkey(witness.key),
    issuedAt: START,
  }
  const value = toBase64(
    signEd25519(seedOf(`msg/${node}`), domainBytes(DOMAIN.nodeDocument, document)),
  )
  return { document, signature: { keyId: `${node}/msg1`, value } } as unknown as PublishedDocument
}

function logVkeyOf(node: string): string {
  return formatVkey(testSigner(`${node}/ledger`, KEY_TYPE.ed25519, seedOf(`log/${node}`)).key)
}

export function worldAgreement() {
  const base = ringAgreement({ quorum: 'quorum none\n' })
  const parties = base.parties.map((party) => ({
    ...party,
    messageKeys: [{ id: `${party.node}/msg1`, fingerprint: hex(publicOf(`msg/${party.node}`)) }],
  }))
  return { ...base, id: AGREEMENT_ID, parties }
}

export function drafts(log: TestSigner): readonly Draft[] {
  const of = (stream: string, kind: StreamKind) => (event: Draft['event'], by: string) => ({
    stream,
    kind,
    event,
    by,
  })
  return [
    ...authorityEvents(log).map((event) => of(AUTHORITY_ID, 'authority')(event, MERIDIA)),
    ...[IRIS, LENA].map((officer) =>
      of(LAW_ID, 'law')(
        {
          type: 'lawPackSignedOff',
          ...{ pack: 'eu', version: '1', digest: hex(utf8('pack')), officer, simulated: true },
        },
        officer,
      ),
    ),
    ...agreementEvents().map(([event, by]) => of(AGREEMENT_ID, 'agreement')(event, by)),
    ...caseEvents().map(([event, by]) => of(CASE_ID, 'case')(event, by)),
  ]
}

function authorityEvents(log: TestSigner): Draft['event'][] {
  const enrol = (officer: string, roles: readonly string[]) => ({
    type: 'officerEnrolled',
    officer,
    publicKey: toBase64(publicOf(`officer/${officer}`)),
    roles,
  })
  return [
    { type: 'nodeDocumentPublished', document: publishedDocument(MERIDIA, formatVkey(log.key)) },
    ...[ALBION, SIERRA].map((node) => ({
      type: 'peerPinned',
      node,
      document: publishedDocument(node, logVkeyOf(node)),
    })),
    enrol(IRIS, ['caseOfficer']),
    enrol(LENA, ['liaison']),
    enrol(BRAM, ['reviewer']),
  ]
}

function agreementEvents(): [Draft['event'], string][] {
  const document = worldAgreement()
  const digest = digestOf(document)
  const signed = (party: string, officer: string) => {
    const input = agreementSignatureInput({ agreement: AGREEMENT_ID, digest, party })
    const signature = toBase64(signEd25519(seedOf(`msg/${party}`), input))
    return { type: 'agreementSigned', party, officer, digest, signature, simulated: true }
  }
  return [
    [{ type: 'agreementDrafted', document, digest }, LENA],
    [{ type: 'agreementOffered', digest, offeredBy: MERIDIA }, LENA],
    [signed(MERIDIA, LENA), LENA],
    [signed(ALBION, IRIS), ALBION],
    [signed(SIERRA, BRAM), SIERRA],
    [{ type: 'agreementEnteredIntoForce', digest }, SIERRA],
  ]
}

function caseEvents(): [Draft['event'], string][] {
  const { id, version } = worldAgreement()
  const agreement = { id, version, digest: digestOf(worldAgreement()) }
  const exhibit = {
    name: 'Transcript (invented)',
    mediaType: 'application/json',
    partsRoot,
    parts: 3,
  }
  const release = {
    type: 'releaseDecided',
    releaseId: RELEASE_ID,
    kind: 'exhibit',
    recipient: ALBION,
    agreement,
    policyDigest: hex(utf8('policy')),
    purpose: 'coordination',
    legalBasis: 'invented basis',
    categories: ['exhibitTranscript'],
    rightsTest: null,
    emergency: null,
    preparedBy: IRIS,
    reviewedBy: BRAM,
  }
  const refused = {
    ...release,
    categories: ['reporterContact'],
    decision: 'refuse',
    why: 'categoryNotReleasable',
    because: [{ rule: 'clause:no-contact', text: 'the contact never leaves' }],
    duties: [],
    view: null,
  }
  const sealedDigest = hex(ciphertext)
  return [
    [
      {
        type: 'caseOpened',
        title: 'Larkspur Companion (invented)',
        kinds: ['disclosure'],
        lead: MERIDIA,
        leadCaseId: null,
        filedOn: null,
      },
      IRIS,
    ],
    [
      {
        type: 'exhibitSealed',
        exhibitId: EXHIBIT_ID,
        ...exhibit,
        sizeBytes: ciphertext.length,
        digest: sealedDigest,
      },
      IRIS,
    ],
    [
      {
        type: 'custodyRecorded',
        ...{
          exhibitId: EXHIBIT_ID,
          act: 'collected',
          by: IRIS,
          purpose: 'case',
          digest: sealedDigest,
        },
      },
      IRIS,
    ],
    [
      {
        type: 'exhibitRedacted',
        exhibitId: COPY_ID,
        ...exhibit,
        sizeBytes: copyBytes.length,
        digest: hex(copyBytes),
        derivedFrom: EXHIBIT_ID,
        redactions: [{ part: 2, reason: 'names a person' }],
      },
      IRIS,
    ],
    [
      {
        type: 'reviewOpened',
        reviewId: 'review-1',
        subject: { kind: 'release', id: RELEASE_ID },
        covers: { recipient: ALBION, categories: ['exhibitTranscript'] },
        reviewerMustNotBe: [IRIS],
      },
      IRIS,
    ],
    [
      {
        type: 'reviewDecided',
        reviewId: 'review-1',
        outcome: 'approved',
        reviewer: BRAM,
        reason: 'the redaction is enough',
        remedy: null,
      },
      BRAM,
    ],
    [refused, IRIS],
    [
      {
        ...release,
        decision: 'permit',
        why: null,
        because: [{ rule: 'clause:exhibits', text: 'exhibits may be released' }],
        duties: [],
        view: { exhibitTranscript: copy },
      },
      IRIS,
    ],
    [{ type: 'releaseSent', releaseId: RELEASE_ID, messageId: MESSAGE_ID }, IRIS],
    [
      { type: 'releaseReceiptReceived', releaseId: RELEASE_ID, status: 'applied', reasons: [] },
      ALBION,
    ],
    [
      {
        type: 'actRefused',
        act: 'proposeMeasure',
        why: 'hearingFirst',
        because: [{ rule: 'enforcement:hearing', text: 'the operator was not heard' }],
      },
      IRIS,
    ],
    [
      {
        type: 'advisoryPublished',
        trackingId: 'COMITY-2026-0001',
        digest: hex(canonicalBytes(advisory)),
        document: advisory,
      },
      IRIS,
    ],
  ]
}

export function channelLine(changes: Partial<MessageHeader> = {}): ChannelLine {
  const header: MessageHeader = {
    v: 1,
    origin: MERIDIA,
    destination: ALBION,
    epoch: 1,
    seq: 1,
    prev: ZERO_LINK,
    id: MESSAGE_ID,
    type: 'assistanceAnswer',
    objectId: CASE_ID,
    version: 1,
    agreement: digestOf(worldAgreement()),
    contentCommitment: hex(utf8('content')),
    ...changes,
  }
  const link = linkOf(nodePrimitives, header)
  const { origin, destination, epoch, seq } = header
  const receipt = {
    v: 1 as const,
    ...{ origin, destination, epoch, seq, link },
    decision: 'applied' as const,
    at: addMs(START, 60 * MINUTE_MS),
    headSeen: { epoch, seq, link },
  }
  const signed = (node: string, bytes: Uint8Array) => ({
    keyId: `${node}/msg1`,
    value: toBase64(signEd25519(seedOf(`msg/${node}`), bytes)),
  })
  return {
    header,
    headerSignature: signed(origin, domainBytes(DOMAIN.header, header)),
    receipt: { receipt, signature: signed(destination, domainBytes(DOMAIN.receipt, receipt)) },
  }
}
