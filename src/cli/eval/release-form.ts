/** The lines of `comity eval release`: what is known of a release that somebody asks for. */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { RELEASE_KINDS } from '../../core/agreement/clause.ts'
import { STAFF_ROLES } from '../../core/case/recorded.ts'
import { EMERGENCY_THREATS } from '../../core/release/basis.ts'

const Text = Type.String({ minLength: 1, maxLength: 300 })
const Id = Type.String({ minLength: 1, maxLength: 128 })
const At = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
})
const list = <Of extends TSchema>(of: Of) => Type.Array(of, { maxItems: 100 })
const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Union(words.map((word) => Type.Literal(word)))
const closed = <P extends Parameters<typeof Type.Object>[0]>(members: P) =>
  Type.Object(members, { additionalProperties: false })
const may = Type.Optional

const Consent = closed({
  person: Id,
  recipients: list(Id),
  categories: list(Id),
  purposes: list(Id),
  state: oneOf(['given', 'refused', 'withdrawn'] as const),
})

const Held = closed({
  originator: Id,
  tlp: may(Id),
  codes: may(list(Id)),
  /** To whom, for the purpose that is asked about; or to whom and for what. */
  consentedTo: may(list(Type.Union([Id, closed({ recipient: Id, purpose: Id })]))),
  isRetracted: may(Type.Boolean()),
})

const Context = closed({
  at: At,
  purpose: Id,
  kind: Type.Union(RELEASE_KINDS.map((kind) => Type.Literal(kind))),
  categories: Type.Array(Id, { minItems: 1, maxItems: 20 }),
  legalBasis: may(Text),
  record: may(
    Type.Record(Id, Type.Unknown(), {
      description: 'Content by category; without it each category that is asked for holds null.',
    }),
  ),
  agreement: may(oneOf(['inForce', 'suspended', 'retired', 'none'] as const)),
  isExercise: may(
    Type.Boolean({ description: 'Only there a simulated transfer instrument carries anything.' }),
  ),
  emergency: may(closed({ threat: oneOf(EMERGENCY_THREATS), reason: Text })),
  embargo: may(
    closed({
      state: oneOf(['none', 'proposed', 'active', 'revise', 'exited'] as const),
      signatories: list(Id),
      left: may(list(Id)),
      withoutReport: may(list(Id)),
    }),
  ),
  rightsTest: may(oneOf(['passed', 'failed', 'missing'] as const)),
  reviewedBy: may(Id),
  proposedBy: may(Id),
  conflicted: may(list(Id)),
  disputed: may(list(Id)),
  persons: may(list(Id)),
  consents: may(Type.Array(Consent, { maxItems: 100 })),
  authorisations: may(
    Type.Array(closed({ by: Text, recipients: list(Id), categories: list(Id), until: At }), {
      maxItems: 100,
    }),
  ),
  orders: may(
    Type.Array(closed({ by: Text, mayReceive: list(Id), purposes: list(Id), until: may(At) }), {
      maxItems: 100,
    }),
  ),
  held: may(
    Type.Array(Held, { maxItems: 20, description: 'Content of peers in the exhibit that leaves.' }),
  ),
})

export const ReleaseLine = Type.Object({
  agreement: Type.Object(
    {},
    { description: 'As `document` in protocol/schemas/messages/agreement-offer.json.' },
  ),
  packs: may(
    Type.Array(Id, {
      minItems: 1,
      maxItems: 100,
      description: 'Ids of packs or legal orders, such as law.eu or EU; without it all shipped.',
    }),
  ),
  facts: may(Type.Object({}, { description: 'Facts of the case, as for `competence`.' })),
  principal: closed({
    authority: Id,
    officer: may(Id),
    roles: may(Type.Array(oneOf(STAFF_ROLES), { maxItems: 10 })),
  }),
  recipient: Id,
  context: Context,
})
export type ReleaseLine = Static<typeof ReleaseLine>

const Because = closed({
  rule: Type.String(),
  text: Type.String(),
  source: may(Type.Union([Type.String(), Type.Null()])),
})

export const RELEASE_FORM = {
  says: 'May this leave? An agreement, law packs, facts, who asks, for whom, and how it stands',
  input: ReleaseLine,
  output: Type.Union([
    closed({
      decision: Type.Literal('permit'),
      view: Type.Record(Type.String(), Type.Unknown()),
      handling: closed({ tlp: Type.String(), codes: Type.Array(Type.String()) }),
      duties: Type.Array(
        closed({
          duty: Type.String({ description: 'Id of the clause.' }),
          kind: Type.String(),
          text: Type.String(),
          owedBy: Type.String(),
          dueAt: Type.Union([At, Type.Null()]),
        }),
      ),
      because: Type.Array(Because),
    }),
    closed({
      decision: Type.Literal('refuse'),
      why: Type.String({ description: 'The first reason; `because` holds all.' }),
      because: Type.Array(Because, { minItems: 1 }),
      remedies: Type.Array(Type.String(), { description: 'What would have to happen, all of it.' }),
    }),
  ]),
}
