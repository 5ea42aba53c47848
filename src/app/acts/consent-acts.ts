/** Acts on consent as a safeguard, and on authorisations of courts and other outside bodies. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import {
  AUTHORISING_BODIES,
  endAuthorisation as decideEnd,
  recordAuthorisation as decideRecording,
} from '../../core/rights/authorisations.ts'
import {
  askConsent as decideAsking,
  recordConsent as decideConsent,
  withdrawConsent as decideWithdrawal,
  releasesUnder,
} from '../../core/rights/consents.ts'
import { caseAct } from '../act.ts'
import { retractReleases } from '../retract.ts'
import { id, reason } from './fields.ts'

const names = Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 20 })
const words = Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 20 })
const covers = { recipients: names, categories: words, purposes: words }

const ofPersons = { topic: 'rights', group: 'handle' } as const

/** Puts the question on the page of the person, who answers it there or not at all. */
export const askConsent = caseAct({
  name: 'askConsent',
  ...ofPersons,
  input: Type.Object({ personId: id, ...covers, question: reason }),
  when: hasTold,
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: (state, input, acting, consentId) => {
    const { personId, question, recipients, categories, purposes } = input
    const cover = { recipients, categories, purposes }
    return decideAsking(state.rights, { consentId, personId, covers: cover, question }, acting)
  },
  finish: async (_step, consentId) => ({ consentId }),
})

/** A consent that was given another way than on the page. */
export const recordConsent = caseAct({
  name: 'recordConsent',
  ...ofPersons,
  input: Type.Object({
    personId: id,
    ...covers,
    how: Type.Union(
      (['inWriting', 'inPerson', 'byRepresentative'] as const).map((how) => Type.Literal(how)),
    ),
    shownBy: reason,
  }),
  when: ({ rights }) => (rights.persons.length > 0 ? permit(null) : nobody()),
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: (state, input, acting, consentId) => {
    const { personId, how, shownBy, recipients, categories, purposes } = input
    const cover = { recipients, categories, purposes }
    return decideConsent(state.rights, { consentId, personId, covers: cover, how, shownBy }, acting)
  },
  finish: async (_step, consentId) => ({ consentId }),
})

const WITHDRAWN = 'the affected person withdrew the consent'

/** The person took it back another way than on the page. Effective at once. */
export const withdrawConsent = caseAct({
  name: 'withdrawConsent',
  ...ofPersons,
  input: Type.Object({
    consentId: id,
    how: Type.Union(
      (['inWriting', 'inPerson', 'byRepresentative'] as const).map((how) => Type.Literal(how)),
    ),
  }),
  when: ({ rights }) =>
    rights.consents.some(({ state }) => state === 'given')
      ? permit(null)
      : refuse('noConsent', { rule: 'consent:notGiven', text: 'no consent is in effect' }),
  decide: (state, input, acting) => decideWithdrawal(state.rights, input, acting),
  finish: async (step) => {
    const { state, input, acting } = step
    const consent = state.rights.consents.find((one) => one.consentId === input.consentId)
    const under = consent ? releasesUnder(consent, state.releases.permitted) : []
    const releaseIds = under.map(({ releaseId }) => releaseId)
    const withdraw = { releaseIds, cause: 'consentWithdrawn', reason: WITHDRAWN } as const
    return { calledBack: await retractReleases(step, state, withdraw, acting) }
  },
})

export const recordAuthorisation = caseAct({
  name: 'recordAuthorisation',
  ...ofPersons,
  input: Type.Object({
    body: Type.Union(AUTHORISING_BODIES.map((body) => Type.Literal(body))),
    by: Type.String({ minLength: 1, maxLength: 200 }),
    reference: Type.String({ minLength: 1, maxLength: 200 }),
    recipients: names,
    categories: words,
    fromAt: Type.String({ maxLength: 30 }),
    until: Type.String({ maxLength: 30 }),
    documentDigest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  }),
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: (state, input, acting, authorisationId) => {
    const { fromAt, ...facts } = input
    const from = instant(fromAt, 'fromAt')
    const until = instant(input.until, 'until')
    const command = { ...facts, from, until, authorisationId }
    return decideRecording(state.rights.authorisations, command, acting)
  },
  finish: async (_step, authorisationId) => ({ authorisationId }),
})

export const endAuthorisation = caseAct({
  name: 'endAuthorisation',
  ...ofPersons,
  input: Type.Object({ authorisationId: id, reason }),
  when: ({ rights }) =>
    rights.authorisations.some(({ endedAt }) => endedAt === null)
      ? permit(null)
      : refuse('noAuthorisation', {
          rule: 'authorisation:none',
          text: 'no authorisation is in effect',
        }),
  decide: (state, input, acting) => decideEnd(state.rights.authorisations, input, acting),
})

function hasTold({ rights }: CaseState) {
  if (rights.notices.length > 0) return permit(null)
  const text = 'nobody has a page yet: the notice is sent first'
  return refuse('notTold', { rule: 'consent:notTold', text })
}

const nobody = () =>
  refuse('noPerson', { rule: 'rights:person', text: 'no affected person is recorded' })
