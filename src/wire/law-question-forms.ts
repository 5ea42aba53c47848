/** Forms of the lines of `comity eval competence` and `comity eval gaps`. */
import { type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { DATA_KINDS } from '../core/law/data-paths.ts'
import { ENTRY_STATES } from '../core/law/entry-standing.ts'
import { GAP_TYPES } from '../core/law/gap.ts'
import { MATRIX_ROWS } from '../core/law/gap-matrix.ts'
import { LEAD_RULES, MATTERS } from '../core/law/pack.ts'

const Text = Type.String()
const Texts = Type.Array(Text)
const exact = (properties: TProperties) => Type.Object(properties, { additionalProperties: false })
const may = (schema: TSchema) => Type.Optional(orNull(schema))
const orNull = (schema: TSchema) => Type.Union([schema, Type.Null()])
const word = (words: readonly string[]) => Type.Union(words.map((each) => Type.Literal(each)))

const Fact = Type.Union([Type.Boolean(), Type.Number(), Text, Texts])
const Asked = {
  facts: may(Type.Record(Text, Fact)),
  entities: may(
    Type.Array(exact({ name: Text, roles: may(Texts), establishedIn: may(Texts) }), {
      description: 'Without any, the facts speak of one operator.',
    }),
  ),
  packs: may(Type.Array(Text, { description: 'Legal orders, such as EU; without any, all.' })),
  on: may(Type.String({ description: 'The day asked about, YYYY-MM-DD.' })),
  yardstick: may(
    exact({
      basisPoints: Type.Integer({ minimum: 1, maximum: 10_000 }),
      turnovers: may(
        Type.Array(exact({ amount: Type.Union([Type.Number(), Text]), currency: Text }), {
          description: 'In whole units, once for each currency; nothing is converted.',
        }),
      ),
    }),
  ),
  inPlace: may(Type.Array(exact({ from: Text, to: Text, name: Text }))),
}

const Answered = word(['yes', 'no', 'open'])
const Because = exact({ rule: Text, text: Text, source: Type.Optional(Text) })
const Question = exact({ fact: Text, text: Text })
const Evidence = word(['P', 'S', 'R'])
const Basis = exact({ article: Text, source: Text, evidence: Evidence, quote: orNull(Text) })
const reasons = { because: Type.Array(Because), openQuestions: Type.Array(Question) }

const Dispute = exact({
  clock: Text,
  decidedBy: orNull(Text),
  period: orNull(exact({ count: Type.Integer(), unit: Text })),
  startsWith: orNull(Text),
  source: Text,
})

export const COMPETENCE_FORM = {
  says: 'Who is competent, who leads, and whom the regimes reach, on a set of facts',
  input: exact(Asked),
  output: exact({
    findings: Type.Array(
      exact({
        legalOrder: Text,
        authorityKind: Text,
        authority: Text,
        authorityName: Text,
        instrument: Text,
        rule: Text,
        competent: Answered,
        basis: Basis,
        ...reasons,
      }),
    ),
    lead: Type.Array(
      exact({
        legalOrder: Text,
        instrument: Text,
        outcome: word(['leads', 'sole', 'shared', 'disputed', 'open']),
        authority: orNull(Text),
        place: orNull(Text),
        rule: orNull(word(LEAD_RULES)),
        claims: Texts,
        disputes: Type.Array(Dispute),
        ...reasons,
      }),
    ),
    reach: Type.Array(
      exact({
        legalOrder: Text,
        instrument: Text,
        entity: Text,
        role: Text,
        reached: Answered,
        text: Text,
        article: Text,
        evidence: Evidence,
        ...reasons,
      }),
    ),
    coordination: orNull(exact({ legalOrders: Texts, because: Because })),
    openQuestions: Type.Array(exact({ fact: Text, text: Text, decides: Texts })),
  }),
}

const CellEntry = exact({
  id: Text,
  legalOrder: Text,
  instrument: Text,
  matter: word(MATTERS),
  subject: Text,
  label: Text,
  detail: Text,
  state: word([...ENTRY_STATES, 'open']),
  from: orNull(Text),
  basis: orNull(Basis),
  openQuestions: Type.Array(Question),
})
const found = {
  id: Text,
  type: word(GAP_TYPES),
  legalOrders: Texts,
  matter: word(MATTERS),
  subject: Text,
}

export const GAPS_FORM = {
  says: 'What each legal order has on a set of facts, where it leaves a gap, and clauses to close it',
  input: exact(Asked),
  output: exact({
    matrix: Type.Array(
      exact({
        legalOrder: Text,
        name: Text,
        linked: Answered,
        competent: Answered,
        cells: exact(Object.fromEntries(MATRIX_ROWS.map((row) => [row, Type.Array(CellEntry)]))),
      }),
    ),
    gaps: Type.Array(
      exact({
        ...found,
        text: Text,
        articles: Type.Array(exact({ legalOrder: Text, id: Text, basis: Basis })),
        near: Type.Array(CellEntry),
      }),
    ),
    openQuestions: Type.Array(exact({ ...found, openQuestions: Type.Array(Question) })),
    clauses: Type.Array(
      exact({
        gap: Text,
        parties: Texts,
        title: Text,
        clause: Type.Object({ kind: Text, text: Text }),
        annex: orNull(Text),
        cannotCure: Text,
      }),
    ),
    paths: Type.Array(
      exact({
        id: Text,
        from: Text,
        to: Text,
        data: word(DATA_KINDS),
        effect: word(['permitted', 'needs_instrument', 'blocked', 'open']),
        direct: word(['blocked', 'open']),
        because: Type.Array(Because),
        conditions: Type.Array(Because),
        onArrival: Type.Array(Because),
        question: orNull(Text),
        basis: orNull(Basis),
      }),
    ),
    definitions: Type.Array(
      exact({
        term: Text,
        verdict: word(['same', 'differs', 'single']),
        entries: Type.Array(
          exact({
            legalOrder: Text,
            instrument: Text,
            term: Text,
            text: Text,
            state: word(ENTRY_STATES),
            basis: Basis,
          }),
        ),
        missing: Texts,
      }),
    ),
  }),
}
