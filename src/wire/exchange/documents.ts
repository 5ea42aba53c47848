/**
 * The two documents that peers write for each other, as forms: the agreement and
 * the request for assistance. What fits has every member that the domain reads,
 * in its type; whether it makes sense the domain decides.
 *
 * A clause may have members, or be of a kind, that this version does not know:
 * then it permits nothing, and its text is there for people.
 */
import { type TSchema, Type } from '@sinclair/typebox'
import { CLAUSE_MEMBERS, type ClauseKind, TLP_LABELS } from '../../core/agreement/clause.ts'
import { TRANSFER_KINDS } from '../../core/agreement/document.ts'
import { REQUEST_TYPES } from '../../core/assistance/request.ts'
import { HashForm, InstantForm, NodeIdForm, strictObject, UuidForm } from './form.ts'

const Word = Type.String({ minLength: 1, maxLength: 128 })
const Line = Type.String({ maxLength: 300 })
const Words = Type.String({ maxLength: 4000 })
const Words20 = Type.Array(Words, { maxItems: 20 })
const OrNull = <F extends TSchema>(form: F) => Type.Union([form, Type.Null()])
const list = <F extends TSchema>(form: F) => Type.Array(form, { maxItems: 100 })
const oneOf = (words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)))
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
const Days = Type.Integer({ minimum: 1, maximum: 36_600 })

export const AgreementRefForm = strictObject({
  id: UuidForm,
  version: Type.Integer({ minimum: 1 }),
  digest: HashForm,
})

const PartyForm = strictObject({
  node: NodeIdForm,
  name: Line,
  legalOrder: Word,
  messageKeys: list(strictObject({ id: Word, fingerprint: HashForm })),
})

const CategoryForm = strictObject({
  id: Word,
  text: Words,
  releasable: Type.Boolean(),
  iri: Type.Optional(Line),
  personal: Type.Boolean(),
  confidential: Type.Optional(Type.Literal(true)),
  reviewRequired: Type.Boolean(),
})

const InstrumentForm = strictObject({
  from: Word,
  to: Word,
  kind: oneOf(TRANSFER_KINDS),
  authorisation: Words,
  authorisedOn: Day,
  validUntil: Type.Optional(Day),
  categories: Type.Optional(list(Word)),
  simulated: Type.Boolean(),
})

const DutyForm = Type.Object({ kind: Word, withinDays: Type.Optional(Days) })

const CLAUSE_READS: Readonly<Record<ClauseKind, Record<string, TSchema>>> = {
  permitRelease: {
    categories: list(Word),
    purposes: list(Word),
    releaseKinds: list(Word),
    duties: list(Word),
    between: Type.Optional(list(Type.Object({ from: NodeIdForm, to: NodeIdForm }))),
    when: Type.Optional(Type.Object({})),
    phases: Type.Optional(list(Word)),
  },
  forbidRelease: { categories: list(Word), to: Type.Optional(list(Word)) },
  requireTransferInstrument: {},
  requireConsent: { categories: list(Word) },
  requireAuthorisation: { categories: list(Word) },
  requireSecondOfficer: { categories: list(Word) },
  handling: { categories: list(Word), tlp: Word, codes: list(Word) },
  exempt: { clauses: list(Word), until: InstantForm },
  carveOut: { ground: Word },
  phase: { phase: Word, fromAt: InstantForm },
  duty: { duty: DutyForm },
  rapidAmendment: { noticeDays: Days, members: list(Word) },
  dispute: {
    steps: list(Type.Object({ before: Words, withinDays: Days })),
    suspendsClause: Type.Boolean(),
  },
  membership: { joining: Word, noticeDays: Days },
  safeHarbour: { protects: Word },
  costs: { borneBy: Word },
  confidentiality: { survivesDays: Days },
  exchangeVersion: { minimum: Type.Integer({ minimum: 1, maximum: 1000 }) },
  requireRightsTest: {},
  requireReview: {},
  requireEmbargoConsent: {},
  statement: {},
}

const clauseText = { id: Word, text: Words }
const KINDS = Object.keys(CLAUSE_MEMBERS) as ClauseKind[]

const ClauseForm = Type.Union([
  ...KINDS.map((kind) =>
    Type.Object({ ...clauseText, kind: Type.Literal(kind), ...CLAUSE_READS[kind] }),
  ),
  Type.Object({ ...clauseText, kind: Type.Intersect([Word, Type.Not(oneOf(KINDS))]) }),
])

export const AgreementDocumentForm = strictObject({
  id: UuidForm,
  version: Type.Integer({ minimum: 1 }),
  title: Line,
  parties: list(PartyForm),
  purposes: list(strictObject({ id: Word, text: Words, iri: OrNull(Line) })),
  categories: list(CategoryForm),
  clauses: list(ClauseForm),
  transferInstruments: list(InstrumentForm),
  handling: strictObject({ tlp: oneOf(TLP_LABELS) }),
  retention: strictObject({ clause: Word, deleteAfterDays: Days }),
  onwardTransfer: strictObject({ clause: Word, allowed: oneOf(['never', 'withConsent']) }),
  emergencyClause: OrNull(
    strictObject({ clause: Word, postReviewWithinHours: Type.Integer({ minimum: 1 }) }),
  ),
  languageRule: strictObject({ clause: Word, accepted: list(Word) }),
  quorum: Type.String({ maxLength: 100_000 }),
  validFromAt: InstantForm,
  reviewAt: InstantForm,
  sunsetAt: InstantForm,
})

export const AssistanceRequestForm = strictObject({
  requestId: UuidForm,
  type: oneOf(REQUEST_TYPES),
  requestingAuthority: NodeIdForm,
  requestedAuthority: NodeIdForm,
  officer: UuidForm,
  power: Words,
  agreement: AgreementRefForm,
  purpose: Word,
  legalBasis: Words20,
  subject: strictObject({ classification: Words, provision: Words, facts: Words }),
  dualLegality: strictObject({ asserted: Type.Boolean(), equivalentProvision: OrNull(Words) }),
  necessity: Words,
  proportionality: Words,
  ownEnquiries: Words,
  rightsTest: UuidForm,
  dataCategories: Type.Array(Word, { maxItems: 20 }),
  identifiers: Type.Array(strictObject({ kind: Word, value: Line }), { maxItems: 100 }),
  urgency: strictObject({
    level: oneOf(['standard', 'urgent', 'emergency']),
    reason: OrNull(Words),
  }),
  answerBy: InstantForm,
  affectedPerson: strictObject({
    inform: oneOf(['now', 'delayed', 'restricted', 'omitted']),
    ground: OrNull(Line),
    reviewAt: OrNull(InstantForm),
  }),
  conditionsOfUse: Words20,
  language: Word,
})
