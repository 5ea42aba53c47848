/** Forms of the engine about embargoes. */
import { type TProperties, Type } from '@sinclair/typebox'
import { letters } from '../../core/disclosure/case-state.ts'
import {
  consentStates,
  embargoStates,
  publicStates,
  reportStates,
  vendorStates,
} from '../../core/disclosure/machines.ts'
import { EMBARGO_STEPS_MAX } from './embargo.ts'
import { DISCLOSURE_ROLES } from './embargo-steps.ts'
import type { EvalForm } from './forms.ts'

const closed = { additionalProperties: false } as const
const words = (list: readonly string[]) => Type.Union(list.map((word) => Type.Literal(word)))
const orNull = (schema: Parameters<typeof Type.Optional>[0]) => Type.Union([schema, Type.Null()])

const Name = Type.String({ minLength: 1 })
const At = Type.String({
  description: 'An instant with its offset; answers are in UTC with milliseconds.',
})
const Roles = Type.Optional(Type.Array(words(DISCLOSURE_ROLES)))
const Names = Type.Array(Name, { maxItems: 100 })
const Said = Type.Optional(Type.String({ minLength: 1 }))
const terms = { id: Name, until: At, zone: Said, justification: Said }
const one = { participant: Name }

const step = (type: string, members: TProperties) =>
  Type.Object({ at: At, type: Type.Literal(type), ...members })

const Step = Type.Union([
  step('join', { ...one, roles: Roles }),
  step('receive', { ...one, roles: Roles }),
  ...['validate', 'invalidate', 'take', 'defer', 'close'].map((name) => step(name, one)),
  step('propose', { ...one, ...terms }),
  step('policies', {
    sender: Name,
    receiver: Name,
    proposal: Type.Optional(Type.Object(terms)),
    default: Type.Optional(Type.Object(terms)),
  }),
  step('invite', { ...one, roles: Roles, answerBy: Type.Optional(At) }),
  ...['accept', 'decline'].map((name) => step(name, { ...one, id: Name })),
  step('reject', { reason: Said }),
  step('terminate', { reason: words(['fixReady', 'fixDeployed', 'agreed']), explanation: Said }),
  step('leave', { ...one, keepsEmbargo: Type.Optional(Type.Boolean()), reason: Said }),
  step('send', { sender: Name, receiver: Name }),
  step('progress', { letter: words(letters), participant: Said, evidence: Said }),
  step('merge', terms),
  step('split', { siblings: Names }),
  step('tell', { id: Name, siblings: Names }),
])

const Because = Type.Array(Type.Object({ rule: Type.String(), text: Type.String() }, closed))
const Open = Type.Object({ embargoId: Name, until: At, zone: Name }, closed)
const standing = {
  embargo: words(embargoStates),
  endsAt: orNull(At),
}

const embargo: EvalForm = {
  says: 'How an embargo comes and goes by proposals, answers and case events',
  input: Type.Object({
    events: Type.Array(Step, { maxItems: EMBARGO_STEPS_MAX }),
    until: Type.Optional(At),
  }),
  output: Type.Object(
    {
      steps: Type.Array(
        Type.Object(
          {
            at: At,
            type: Type.String({ description: 'Also `silence` and `expiry`, which time brings.' }),
            decision: words(['permit', 'refuse']),
            why: Type.Optional(Type.String()),
            because: Because,
            ...standing,
          },
          closed,
        ),
      ),
      ...standing,
      terms: orNull(Open),
      proposals: Type.Array(Open),
      ended: orNull(Type.Object({ why: Type.String(), at: At }, closed)),
      public: words(publicStates),
      participants: Type.Array(
        Type.Object(
          {
            id: Name,
            roles: Type.Array(words(DISCLOSURE_ROLES)),
            report: words(reportStates),
            consent: words(consentStates),
            answerBy: orNull(At),
            timedOut: Type.Boolean(),
            vendor: orNull(words(vendorStates)),
            left: orNull(Type.Object({ at: At, keepsEmbargo: Type.Boolean() }, closed)),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
}

export const DISCLOSURE_FORMS: Readonly<Record<string, EvalForm>> = { embargo }
