/**
 * What messages carry, by type. The channel proves who sent the content and that
 * nothing is missing; these forms say what it may look like. What it means, and
 * whether it is accepted, the receiving use case decides.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { DUTY_KINDS, HANDLING_CODES, TLP_LABELS } from '../../core/agreement/clause.ts'
import { publicLetters } from '../../core/disclosure/machines.ts'
import { TERMS_INTENTS } from '../../core/disclosure/terms-told.ts'
import { CONSULTATION_ANSWERS } from '../../core/evidence/records-request.ts'
import { TRANSFER_FAILURES } from '../../core/evidence/transfer.ts'
import { KEPT_GROUNDS, RETRACTION_CAUSES } from '../../core/release/retraction.ts'
import { BREACH_GROUNDS, DUTY_ANSWERS } from '../../core/release/tracked-duty.ts'
import { MATCH_IDENTIFIERS_MAX, MATCH_MARKS } from '../../core/triage/matching.ts'
import {
  AgreementSignatureMembers,
  AgreementStepForm,
  ConsentForm,
  OfferForm,
  StatementForm,
} from './agreement-forms.ts'
import { AgreementDocumentForm, AgreementRefForm, AssistanceRequestForm } from './documents.ts'
import {
  HashForm,
  InstantForm,
  NodeIdForm,
  requireForm,
  requireInstant,
  Salt32Form,
  Signature64Form,
  strictObject,
  UuidForm,
} from './form.ts'

const Element32Form = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
const Text = (maxLength: number) => Type.String({ maxLength })
const Words = Text(4000)
const AnyObject = Type.Record(Type.String({ maxLength: 60 }), Type.Unknown())

const DutyForm = strictObject({
  // A duty that goes on with content of a peer names each release it came through.
  dutyId: Text(200),
  kind: Type.Union([...DUTY_KINDS, 'postReview' as const].map((kind) => Type.Literal(kind))),
  text: Words,
  owedBy: NodeIdForm,
  dueAt: Type.Union([InstantForm, Type.Null()]),
})

const ReleaseForm = strictObject({
  releaseId: UuidForm,
  kind: Type.Union((['stub', 'case', 'exhibit'] as const).map((kind) => Type.Literal(kind))),
  agreement: AgreementRefForm,
  purpose: Text(60),
  legalBasis: Words,
  categories: Type.Array(Text(60), { minItems: 1, maxItems: 20 }),
  duties: Type.Array(DutyForm, { maxItems: 40 }),
  view: AnyObject,
  handling: Type.Optional(
    strictObject({
      tlp: Type.Union(TLP_LABELS.map((label) => Type.Literal(label))),
      codes: Type.Array(Type.Union(HANDLING_CODES.map((code) => Type.Literal(code))), {
        maxItems: HANDLING_CODES.length,
      }),
    }),
  ),
})

const TermsForm = strictObject({ embargoId: UuidForm, until: InstantForm, zone: Text(60) })

const AnswerForm = strictObject({
  requestId: UuidForm,
  answer: Type.Union((['full', 'partial', 'refused'] as const).map((one) => Type.Literal(one))),
  codes: Type.Array(Text(60), { maxItems: 10 }),
  regime: Type.Union([Text(60), Type.Null()]),
  reasons: Words,
})

const RefusedForm = strictObject({
  ...AnswerForm.properties,
  answer: Type.Literal('refused'),
  codes: Type.Array(Text(60), { minItems: 1, maxItems: 10 }),
})

const ExhibitForm = strictObject({
  exhibitId: UuidForm,
  name: Text(300),
  mediaType: Text(100),
  sizeBytes: Type.Integer({ minimum: 1 }),
  digest: HashForm,
  partsRoot: HashForm,
  parts: Type.Integer({ minimum: 1, maximum: 5000 }),
  derivedFrom: UuidForm,
  redactions: Type.Array(
    strictObject({
      part: Type.Integer({ minimum: 0 }),
      reason: Words,
      ground: Type.Optional(Text(40)),
      at: Type.Optional(Text(1000)),
    }),
    { maxItems: 5000 },
  ),
})

const DutyRefForm = { caseId: UuidForm, releaseId: UuidForm, dutyId: Text(200) }

const DutyEvidenceForm = Type.Union([
  strictObject({
    kind: Type.Literal('deletion'),
    view: Type.Union([HashForm, Type.Null()]),
    exhibits: Type.Array(strictObject({ exhibitId: UuidForm, digest: HashForm }), {
      maxItems: 1000,
    }),
  }),
  strictObject({ kind: Type.Literal('return'), messageId: UuidForm }),
  strictObject({ kind: Type.Literal('notice'), noticeId: UuidForm }),
  strictObject({ kind: Type.Literal('text') }),
])

export const OpeningForm = strictObject({
  envelope: strictObject({
    v: Type.Literal(1),
    node: NodeIdForm,
    stream: UuidForm,
    version: Type.Integer({ minimum: 1 }),
    at: InstantForm,
    by: Text(100),
    event: AnyObject,
  }),
  salt: Salt32Form,
  entry: Text(4000),
  receipt: Text(200_000),
})

/** A file that follows its release: what it is once it was opened. Its bytes are fetched. */
const FileExhibitForm = strictObject({
  exhibitId: UuidForm,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  mediaType: Type.String({ minLength: 3, maxLength: 165 }),
  plaintext: strictObject({ digest: HashForm, sizeBytes: Type.Integer({ minimum: 1 }) }),
  /** Of the event by which it was sealed; absent where the log's witnesses had not seen it yet. */
  opening: Type.Optional(OpeningForm),
})

export const CONTENT_FORMS = {
  agreementOffer: strictObject({
    document: AgreementDocumentForm,
    digest: HashForm,
    signBy: Type.Optional(InstantForm),
    statement: Type.Optional(StatementForm),
  }),
  agreementSignature: strictObject({
    agreementId: UuidForm,
    signature: strictObject(AgreementSignatureMembers),
    offer: Type.Optional(OfferForm),
  }),
  /** Nobody of the party objected within the notice of a rapid amendment. */
  agreementConsent: strictObject({
    agreementId: UuidForm,
    consent: ConsentForm,
    offer: Type.Optional(OfferForm),
  }),
  agreementStep: strictObject({
    agreementId: UuidForm,
    step: AgreementStepForm,
    offer: Type.Optional(OfferForm),
  }),
  invitation: strictObject({
    release: ReleaseForm,
    caseId: UuidForm,
    terms: Type.Union([TermsForm, Type.Null()]),
    answerBy: InstantForm,
  }),
  invitationAnswer: strictObject({
    caseId: UuidForm,
    answer: Type.Union([Type.Literal('accept'), Type.Literal('decline')]),
    embargoId: Type.Union([UuidForm, Type.Null()]),
  }),
  /** From the lead, to one that takes part: who else does, and which embargo it accepted. */
  participants: strictObject({
    caseId: UuidForm,
    participants: Type.Array(
      strictObject({
        participant: NodeIdForm,
        embargoId: Type.Union([UuidForm, Type.Null()]),
      }),
      { minItems: 1, maxItems: 100 },
    ),
  }),
  release: strictObject({
    release: ReleaseForm,
    caseId: UuidForm,
    file: Type.Optional(FileExhibitForm),
  }),
  /** What became of a file that followed a release. `caseId`: of the case at its sender. */
  fileTransfer: strictObject({
    caseId: UuidForm,
    releaseId: UuidForm,
    outcome: Type.Union(
      (['arrived', ...TRANSFER_FAILURES] as const).map((outcome) => Type.Literal(outcome)),
    ),
  }),
  /** The release is called back: it is used no more, and deleted. */
  retraction: strictObject({
    caseId: UuidForm,
    releaseId: UuidForm,
    cause: Type.Union(RETRACTION_CAUSES.map((cause) => Type.Literal(cause))),
  }),
  /** Nothing of it is left. `caseId`: of the case at the authority that released. `opening`: of the event that says so. */
  retractionDone: strictObject({
    caseId: UuidForm,
    releaseId: UuidForm,
    confirmedAt: InstantForm,
    key: Text(200),
    signature: Signature64Form,
    opening: Type.Optional(OpeningForm),
  }),
  /** What was erased at its origin is kept here, on a ground; `caseId` as above. */
  erasureAnswer: strictObject({
    caseId: UuidForm,
    releaseId: UuidForm,
    answer: Type.Union([Type.Literal('partial'), Type.Literal('refused')]),
    ground: Type.Union(KEPT_GROUNDS.map((ground) => Type.Literal(ground))),
    law: Text(300),
    answeredAt: InstantForm,
    key: Text(200),
    signature: Signature64Form,
    opening: Type.Optional(OpeningForm),
  }),
  /** May what came from you go on to somebody? `caseId`: of the case at the originator. */
  onwardConsentRequest: strictObject({
    caseId: UuidForm,
    requestId: UuidForm,
    releaseId: UuidForm,
    recipient: NodeIdForm,
    purpose: Text(60),
    reason: Words,
  }),
  /** `caseId`: of the case at the originator. */
  onwardConsentAnswer: strictObject({
    caseId: UuidForm,
    requestId: UuidForm,
    answer: Type.Union([Type.Literal('consent'), Type.Literal('refuse')]),
  }),
  /** The originator takes its consent back: nothing more goes on, what did is called back. */
  onwardConsentWithdrawal: strictObject({ caseId: UuidForm, requestId: UuidForm }),
  /**
   * Somebody asks the origin for records in which content of the destination stands: may
   * what these releases brought be given out? `caseId`: the lead's own id of the case.
   */
  recordsConsultation: strictObject({
    caseId: UuidForm,
    consultationId: UuidForm,
    releaseIds: Type.Array(UuidForm, { minItems: 1, maxItems: 20 }),
    question: Words,
    answerBy: InstantForm,
  }),
  recordsConsultationAnswer: strictObject({
    caseId: UuidForm,
    consultationId: UuidForm,
    answer: Type.Union(CONSULTATION_ANSWERS.map((one) => Type.Literal(one))),
    reason: Words,
  }),
  /**
   * Does the destination hold a case about one of these identifiers? They are blinded
   * (RFC 9497, VOPRF, ristretto255-SHA512). `caseId`: of the origin, given back with the answer.
   */
  matchQuestion: strictObject({
    caseId: UuidForm,
    releaseId: UuidForm,
    agreement: AgreementRefForm,
    blinded: Type.Array(Element32Form, { minItems: 1, maxItems: MATCH_IDENTIFIERS_MAX }),
  }),
  /** `marks`: 16 bytes each, of what the origin released for matching with the destination, among random ones. */
  matchAnswer: strictObject({
    caseId: UuidForm,
    releaseId: UuidForm,
    publicKey: Element32Form,
    evaluated: Type.Array(Element32Form, { minItems: 1, maxItems: MATCH_IDENTIFIERS_MAX }),
    proof: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' }),
    marks: Type.Array(Type.String({ pattern: '^[A-Za-z0-9+/]{22}==$' }), {
      minItems: MATCH_MARKS,
      maxItems: MATCH_MARKS,
    }),
  }),
  assistanceRequest: strictObject({ caseId: UuidForm, request: AssistanceRequestForm }),
  assistanceAnswer: strictObject({
    release: ReleaseForm,
    caseId: UuidForm,
    answer: AnswerForm,
    exhibit: ExhibitForm,
    opening: OpeningForm,
  }),
  /** The origin gives nothing: its codes and reasons. */
  assistanceTurnedAway: strictObject({ caseId: UuidForm, answer: RefusedForm }),
  /** Whether the origin accepts an exhibit that was released to it. `caseId`: the destination's. */
  exhibitAnswer: strictObject({
    caseId: UuidForm,
    releaseId: UuidForm,
    digest: HashForm,
    answer: Type.Union((['accepted', 'rejected'] as const).map((one) => Type.Literal(one))),
    reason: Type.Union([Type.String({ minLength: 1, maxLength: 2000 }), Type.Null()]),
  }),
  /** How the origin is reached in an emergency, day and night. */
  emergencyContact: strictObject({
    phone: Text(40),
    mail: Type.Union([Text(254), Type.Null()]),
    hours: Text(100),
  }),
  /** The origin discharged a duty that it owes. The proof, as its kind asks for it. */
  dutyDischarge: strictObject({
    ...DutyRefForm,
    proof: Words,
    evidence: DutyEvidenceForm,
    dischargedAt: InstantForm,
  }),
  dutyAnswer: strictObject({
    ...DutyRefForm,
    answer: Type.Union(DUTY_ANSWERS.map((one) => Type.Literal(one))),
    reason: Words,
  }),
  dutyBreach: strictObject({
    ...DutyRefForm,
    ground: Type.Union(BREACH_GROUNDS.map((one) => Type.Literal(one))),
    reason: Words,
  }),
  embargoEnded: strictObject({
    caseId: UuidForm,
    reason: Type.Union(
      (
        [
          'expired',
          'fixReady',
          'fixDeployed',
          'agreed',
          'alreadyPublic',
          'exploitPublic',
          'attacksObserved',
        ] as const
      ).map((one) => Type.Literal(one)),
    ),
  }),
  /** One that takes part says that a public fact holds. The lead holds it and decides. */
  factClaim: strictObject({
    caseId: UuidForm,
    claimId: UuidForm,
    letter: Type.Union(publicLetters.map((one) => Type.Literal(one))),
    evidence: Type.String({ minLength: 1, maxLength: 2000 }),
  }),
  factClaimDecided: strictObject({
    caseId: UuidForm,
    claimId: UuidForm,
    outcome: Type.Union((['adopted', 'rejected'] as const).map((one) => Type.Literal(one))),
  }),
  /**
   * From the lead, to one that takes part: how the embargo stands, and until when an answer
   * about it is asked for. `intent` says which step it is; nothing is inferred.
   */
  embargoTerms: strictObject({
    caseId: UuidForm,
    intent: Type.Union(TERMS_INTENTS.map((one) => Type.Literal(one))),
    inForce: Type.Union([TermsForm, Type.Null()]),
    proposals: Type.Array(TermsForm, { maxItems: 20 }),
    leadTo: Type.Union([UuidForm, Type.Null()]),
    answerBy: Type.Union([InstantForm, Type.Null()]),
  }),
  /** The lead is offered, with a release of the stub and nothing else. */
  leadOffer: strictObject({ release: ReleaseForm, caseId: UuidForm }),
  leadAnswer: strictObject({
    caseId: UuidForm,
    answer: Type.Union([Type.Literal('accept'), Type.Literal('refuse')]),
  }),
  /** From the former lead, to one that takes part. */
  leadTold: strictObject({ caseId: UuidForm, lead: NodeIdForm }),
  /** From one that takes part, to the lead: other terms than those that stand, and why. */
  embargoProposal: strictObject({
    caseId: UuidForm,
    proposal: TermsForm,
    reason: Type.String({ minLength: 10, maxLength: 2000 }),
  }),
  /** One leaves: told by itself to the lead, and by the lead to the others. */
  participantLeft: strictObject({
    caseId: UuidForm,
    participant: NodeIdForm,
    keepsEmbargo: Type.Boolean(),
  }),
} as const satisfies Record<string, TSchema>

export type ContentType = keyof typeof CONTENT_FORMS
export type ContentOf<Type extends ContentType> = Static<(typeof CONTENT_FORMS)[Type]>

export type Content = {
  [Type in ContentType]: { type: Type; content: ContentOf<Type> }
}[ContentType]

/** @throws ComityError `malformed` with the JSON pointer as field */
export function readContent(type: string, content: Json): Content {
  if (!Object.hasOwn(CONTENT_FORMS, type)) {
    throw malformed('this node knows no message of this type', { field: '/type', reason: 'schema' })
  }
  const known = type as ContentType
  requireForm(CONTENT_FORMS[known], content, '/content')
  const message = { type: known, content } as Content
  requireRealTimes(message)
  return message
}

/** A pattern knows no calendar: what is compared with a clock must be a time. */
function requireRealTimes(message: Content): void {
  for (const [field, text] of Object.entries(timesOf(message)))
    requireInstant(text, `/content/${field}`)
}

function timesOf({ type, content }: Content): Readonly<Record<string, string | undefined>> {
  switch (type) {
    case 'agreementOffer': {
      const { signBy, statement } = content
      const { validFromAt, reviewAt, sunsetAt } = content.document
      return {
        'document/validFromAt': validFromAt,
        'document/reviewAt': reviewAt,
        'document/sunsetAt': sunsetAt,
        signBy,
        'statement/at': statement?.at,
      }
    }
    case 'agreementSignature':
      return { 'signature/signedAt': content.signature.signedAt, ...timesOfOffer(content.offer) }
    case 'agreementConsent':
      return { 'consent/signedAt': content.consent.signedAt, ...timesOfOffer(content.offer) }
    case 'agreementStep':
      return { ...instantsIn(content.step, 'step'), ...timesOfOffer(content.offer) }
    case 'retractionDone':
      return { confirmedAt: content.confirmedAt }
    case 'erasureAnswer':
      return { answeredAt: content.answeredAt }
    case 'invitation':
      return { answerBy: content.answerBy, 'terms/until': content.terms?.until }
    case 'embargoTerms': {
      const ends = content.proposals.map(({ until }, at) => [`proposals/${at}/until`, until])
      return {
        'inForce/until': content.inForce?.until,
        answerBy: content.answerBy ?? undefined,
        ...Object.fromEntries(ends),
      }
    }
    case 'embargoProposal':
      return { 'proposal/until': content.proposal.until }
    case 'assistanceRequest': {
      const { answerBy, affectedPerson } = content.request
      return {
        'request/answerBy': answerBy,
        'request/affectedPerson/reviewAt': affectedPerson.reviewAt ?? undefined,
      }
    }
    case 'recordsConsultation':
      return { answerBy: content.answerBy }
    case 'dutyDischarge':
      return { dischargedAt: content.dischargedAt }
    default:
      return {}
  }
}

function timesOfOffer(offer: Static<typeof OfferForm> | undefined) {
  return offer ? instantsIn(offer, 'offer') : {}
}

/** Every member whose name says that it is an instant, wherever it stands. */
function instantsIn(value: object, path: string): Readonly<Record<string, string>> {
  const found = Object.entries(value).flatMap(([name, member]): [string, string][] => {
    const place = `${path}/${name}`
    if (typeof member === 'object' && member !== null) {
      return Object.entries(instantsIn(member, place))
    }
    const isInstant = /^(?:at|signBy|.*At)$/.test(name) && typeof member === 'string'
    return isInstant ? [[place, member]] : []
  })
  return Object.fromEntries(found)
}
