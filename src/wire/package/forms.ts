/**
 * Forms of the documents in an evidence package, as TypeBox schemas; the JSON
 * Schemas under `protocol/schemas/package` are these, written out.
 */
import { type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import {
  SIGNATURE_FILE_SIZE_MAX,
  SIGNATURE_MEDIA_TYPES,
  TOKEN_SIZE_MAX,
} from '../../core/attestation/attestation.ts'
import { ROLES } from '../../core/case/recorded.ts'
import {
  CountForm,
  InstantForm,
  NodeIdForm,
  NodeSignatureForm,
  ReferenceForm,
  Salt32Form,
  SeqForm,
  Signature64Form,
  strictObject,
  UuidForm,
  Version1,
} from '../exchange/form.ts'
import { MessageHeaderForm } from '../exchange/message-header.ts'
import { SignedNodeDocumentForm } from '../exchange/node-document.ts'
import { SignedReceiptForm } from '../exchange/receipt.ts'

/** In the order in which a package lists its streams: what is read later relies on what stands before. */
export const STREAM_KINDS = ['authority', 'law', 'agreement', 'case'] as const
export type StreamKind = (typeof STREAM_KINDS)[number]

const YEARS_100_MS = 100 * 366 * 24 * 60 * 60 * 1000

export const PackageFactsForm = strictObject({
  v: Version1,
  kind: Type.Literal('comity-evidence-package'),
  node: NodeIdForm,
  caseId: UuidForm,
  /** Case time and real time when the package was made. */
  madeAt: strictObject({ caseNow: InstantForm, wireNow: InstantForm }),
  /** True on a node whose case time can be moved ahead of real time. */
  simulatedClock: Type.Boolean(),
  /** How far case time ran ahead of real time when the package was made. */
  clockOffsetMs: Type.Integer({ minimum: 0, maximum: YEARS_100_MS }),
  streams: Type.Array(
    strictObject({
      id: UuidForm,
      kind: Type.Union(STREAM_KINDS.map((kind) => Type.Literal(kind))),
      events: CountForm,
    }),
    { minItems: 2, maxItems: 200 },
  ),
  counts: strictObject({
    events: SeqForm,
    refusals: SeqForm,
    releases: SeqForm,
    exhibits: SeqForm,
    lineage: SeqForm,
    advisories: SeqForm,
    channelReceipts: SeqForm,
  }),
})

export const EventLineForm = strictObject({
  envelope: strictObject({
    v: Version1,
    node: NodeIdForm,
    stream: UuidForm,
    version: CountForm,
    at: InstantForm,
    by: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$' }),
    event: Type.Object({ type: Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,59}$' }) }),
  }),
  salt: Salt32Form,
  /** Ed25519 over "comity/event/v1\n" and the canonical envelope. */
  signature: Signature64Form,
  /** The log entry, base64. */
  entry: Type.String({ maxLength: 87_384, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
})

/** One message about the case, and what its destination signed for it; null while it has not. */
export const ChannelLineForm = strictObject({
  header: MessageHeaderForm,
  headerSignature: NodeSignatureForm,
  receipt: Type.Union([SignedReceiptForm, Type.Null()]),
})

const RoleForm = Type.Union(ROLES.map((role) => Type.Literal(role)))
const OfficerForm = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$' })

const officer = OfficerForm
const roles = Type.Array(RoleForm, { maxItems: ROLES.length })
const note = Type.String({ pattern: '^[0-9a-f]{64}$' })
const span = { fromAt: InstantForm, untilAt: InstantForm }
const orNull = <T extends TSchema>(form: T) => Type.Union([form, Type.Null()])
const peopleEvent = <Name extends string, P extends TProperties>(name: Name, members: P) =>
  strictObject({ type: Type.Literal(name), ...members })

/** What binds decisions about people: ids, roles and times, never why. */
const PEOPLE_EVENT_FORMS = {
  officerInvited: peopleEvent('officerInvited', { officer, roles }),
  officerRolesChanged: peopleEvent('officerRolesChanged', { officer, roles, note }),
  leavingStarted: peopleEvent('leavingStarted', { officer, note }),
  leavingCancelled: peopleEvent('leavingCancelled', { officer }),
  accountSuspended: peopleEvent('accountSuspended', { officer }),
  accountConfirmed: peopleEvent('accountConfirmed', {
    officer,
    roles,
    means: Type.Optional(CountForm),
  }),
  wayBackGiven: peopleEvent('wayBackGiven', { officer }),
  wayBackUsed: peopleEvent('wayBackUsed', { officer, givenBy: officer }),
  workHandedOver: peopleEvent('workHandedOver', {
    from: officer,
    to: officer,
    items: CountForm,
  }),
  conflictDeclared: peopleEvent('conflictDeclared', { conflictId: UuidForm, officer, note }),
  conflictWithdrawn: peopleEvent('conflictWithdrawn', { conflictId: UuidForm, note }),
  absenceSet: peopleEvent('absenceSet', { absenceId: UuidForm, officer, ...span }),
  absenceEnded: peopleEvent('absenceEnded', { absenceId: UuidForm }),
  delegationGiven: peopleEvent('delegationGiven', {
    delegationId: UuidForm,
    from: officer,
    to: officer,
    roles,
    acts: orNull(
      Type.Array(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,59}$' }), { maxItems: 50 }),
    ),
    ...span,
  }),
  delegationWithdrawn: peopleEvent('delegationWithdrawn', { delegationId: UuidForm }),
  shiftPlanned: peopleEvent('shiftPlanned', { shiftId: UuidForm, officer, ...span }),
  shiftCancelled: peopleEvent('shiftCancelled', { shiftId: UuidForm }),
  dutyHandedOver: peopleEvent('dutyHandedOver', { shiftId: UuidForm, from: orNull(officer) }),
  dutyAccepted: peopleEvent('dutyAccepted', { shiftId: UuidForm, officer }),
  liaisonTermSet: peopleEvent('liaisonTermSet', {
    termId: UuidForm,
    officer,
    peer: orNull(NodeIdForm),
    successor: orNull(officer),
    ...span,
  }),
  liaisonSuccessorNamed: peopleEvent('liaisonSuccessorNamed', {
    termId: UuidForm,
    successor: officer,
  }),
  liaisonTermEnded: peopleEvent('liaisonTermEnded', { termId: UuidForm }),
} as const

const AgeRecipientForm = Type.String({ pattern: '^age1[0-9a-z]{20,2000}$' })

export const AUTHORITY_EVENT_FORMS = {
  ...PEOPLE_EVENT_FORMS,
  nodeDocumentPublished: strictObject({
    type: Type.Literal('nodeDocumentPublished'),
    document: SignedNodeDocumentForm,
  }),
  officerEnrolled: strictObject({
    type: Type.Literal('officerEnrolled'),
    officer: OfficerForm,
    publicKey: Salt32Form,
    roles,
  }),
  officerLeft: strictObject({ type: Type.Literal('officerLeft'), officer: OfficerForm }),
  peerPinned: strictObject({
    type: Type.Literal('peerPinned'),
    node: NodeIdForm,
    document: SignedNodeDocumentForm,
  }),
  peerDocumentRenewed: strictObject({
    type: Type.Literal('peerDocumentRenewed'),
    node: NodeIdForm,
    document: SignedNodeDocumentForm,
  }),
  keyCeremonyHeld: strictObject({
    type: Type.Literal('keyCeremonyHeld'),
    act: Type.Union([
      Type.Literal('made'),
      Type.Literal('rotated'),
      Type.Literal('revoked'),
      Type.Literal('retired'),
      Type.Literal('sealed'),
    ]),
    heldAt: InstantForm,
    present: Type.Array(Type.String({ pattern: '^[A-Za-z][A-Za-z .-]{1,59}$' }), {
      minItems: 2,
      maxItems: 2,
    }),
    keys: Type.Array(
      strictObject({
        key: Type.String({ pattern: '^(message|log|witness|encryption|column)-[1-9][0-9]{0,4}$' }),
        fingerprint: Type.String({ pattern: '^[0-9a-f]{32,64}$' }),
      }),
      { minItems: 1, maxItems: 20 },
    ),
  }),
  sealingKeyAnnounced: strictObject({
    type: Type.Literal('sealingKeyAnnounced'),
    officer: OfficerForm,
    recipient: AgeRecipientForm,
    kept: Type.Union([Type.Literal('browser'), Type.Literal('file')]),
  }),
  sealingKeyEnded: strictObject({
    type: Type.Literal('sealingKeyEnded'),
    officer: OfficerForm,
    recipient: AgeRecipientForm,
    why: Type.Union([Type.Literal('lost'), Type.Literal('replaced'), Type.Literal('left')]),
  }),
  sealingRosterSet: strictObject({
    type: Type.Literal('sealingRosterSet'),
    entries: Type.Array(
      strictObject({
        recipient: AgeRecipientForm,
        layer: Type.Union([Type.Literal('inner'), Type.Literal('outer')]),
        holder: Type.Union([
          strictObject({ officer: OfficerForm }),
          strictObject({ escrow: Type.String({ pattern: '^[0-9a-f]{16}$' }) }),
        ]),
      }),
      { minItems: 2, maxItems: 32 },
    ),
    digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    proposedBy: Type.Union([OfficerForm, Type.Null()]),
  }),
} as const

export const AgreementSignatureForm = strictObject({
  type: Type.Literal('agreementSigned'),
  party: NodeIdForm,
  officer: ReferenceForm,
  digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  signature: Signature64Form,
  simulated: Type.Boolean(),
  signedAt: Type.Optional(InstantForm),
})

const Sha256Form = Type.String({ pattern: '^[0-9a-f]{64}$' })
const FunctionForm = Type.String({ minLength: 1, maxLength: 200 })
const AttestedDocumentForm = strictObject({
  kind: Type.Union([Type.Literal('agreement'), Type.Literal('order')]),
  id: UuidForm,
  digest: Sha256Form,
})

export const AttestationForm = Type.Union([
  strictObject({
    type: Type.Literal('timeStampReceived'),
    document: AttestedDocumentForm,
    stampedAt: InstantForm,
    authority: Type.String({ maxLength: 1000 }),
    policy: Type.String({ maxLength: 200 }),
    serial: Type.String({ maxLength: 200, pattern: '^[0-9a-f]*$' }),
    token: Type.String({ maxLength: Math.ceil(TOKEN_SIZE_MAX / 3) * 4 }),
  }),
  strictObject({
    type: Type.Literal('signatureAttached'),
    document: AttestedDocumentForm,
    signatureId: UuidForm,
    mediaType: Type.Union(SIGNATURE_MEDIA_TYPES.map((type) => Type.Literal(type))),
    digest: Sha256Form,
    sizeBytes: Type.Integer({ minimum: 1, maximum: SIGNATURE_FILE_SIZE_MAX }),
    signerFunction: FunctionForm,
    checkedBy: FunctionForm,
    checkedHow: Type.String({ minLength: 1, maxLength: 1000 }),
  }),
])

export type PackageFacts = Readonly<Static<typeof PackageFactsForm>>
export type ChannelLine = Readonly<Static<typeof ChannelLineForm>>
