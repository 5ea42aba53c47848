/** Acts about credit, and about appeals of the reporter. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import { mayCredit, setCredit } from '../../core/disclosure/recognition.ts'
import { APPEAL_OUTCOMES, CREDIT_ROLES } from '../../core/disclosure/recognition-events.ts'
import {
  ANSWER_DAYS,
  DECIDING_ROLES,
  decideAppeal,
  escalateAppeal,
  isIndependent,
} from '../../core/disclosure/reporter-appeal.ts'
import { accessContext, thoseWhoMay } from '../access.ts'
import { caseAct } from '../act.ts'
import { readingTasks, toldOf } from '../answer-shared.ts'
import { appealFactsOf, creditFactsOf } from '../recognition-facts.ts'
import { id } from './fields.ts'

const roles = Type.Array(Type.Union(CREDIT_ROLES.map((role) => Type.Literal(role))), {
  maxItems: CREDIT_ROLES.length,
})

export const thankReporter = caseAct({
  name: 'thankReporter',
  topic: 'publication',
  group: 'handle',
  stepUp: true,
  input: Type.Object({
    /** Nothing chosen: nobody is thanked. */
    roles: Type.Optional(roles),
    /** Exactly as the reporter chose it; left out: the reporter is asked in the mailbox. */
    name: Type.Optional(Type.String({ maxLength: 80 })),
  }),
  when: (state) => mayCredit(creditFactsOf(state)),
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: (state, { roles: chosen = [], name }, _acting, creditId) =>
    setCredit(creditFactsOf(state), { creditId, roles: chosen, name: name?.trim() || null }),
  batch: 'intake',
})

const open = ({ recognition }: CaseState) =>
  recognition.appeals.filter(({ decided }) => decided === null)

const noneOpen = refuse('noAppeal', {
  rule: 'reporterAppeal:none',
  text: 'no appeal of the reporter is open',
})

export const decideReporterAppeal = caseAct({
  name: 'decideReporterAppeal',
  topic: 'triage',
  group: 'decideAppeal',
  stepUp: true,
  input: Type.Object({
    appealId: id,
    outcome: Type.Union(APPEAL_OUTCOMES.map((one) => Type.Literal(one))),
    /** The reporter reads them in the mailbox, as they stand here. */
    reasons: Type.String({ minLength: 1, maxLength: 4000 }),
    /** Of credit that is corrected. */
    roles: Type.Optional(roles),
  }),
  when: (state, { officer }) => {
    if (open(state).length === 0) return noneOpen
    const mayAny = open(state).some((appeal) => isIndependent(state, appeal, officer))
    return mayAny ? permit(null) : refuse('notIndependent', tookPart)
  },
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: (state, { roles: chosen = [], ...input }, acting, creditId) =>
    decideAppeal(appealFactsOf(state), { ...input, roles: chosen, creditId }, acting),
  finish: async ({ kernel, unit, caseId, state, acting, input }) => {
    const decided = state.recognition.appeals.find(({ appealId }) => appealId === input.appealId)
    if (!decided?.decided?.answerBy) return undefined
    // Those who have the case, not who decided: the decision made that officer a handler.
    const others = (await kernel.people.officers()).filter((one) => one.id !== acting.officer)
    const due = addMs(acting.now, (ANSWER_DAYS - 1) * DAY_MS)
    const title = 'Answer the reporter: an appeal was reversed or sent back'
    for (const task of readingTasks(kernel, caseId, toldOf(state, others), due, title)) {
      await unit.addTask({ ...task, createdAt: acting.now })
    }
    return undefined
  },
  batch: 'intake',
})

const tookPart = {
  rule: 'reporterAppeal:notIndependent',
  text: 'whoever took part in what is appealed does not decide the appeal',
}

/** Nobody is left who is independent: the reporter is told where to turn. */
export const escalateReporterAppeal = caseAct({
  name: 'escalateReporterAppeal',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({ appealId: id }),
  when: (state) => (open(state).length > 0 ? permit(null) : noneOpen),
  prepare: async ({ kernel, caseId, state, acting }) => {
    const officers = await kernel.people.officers()
    const deciding = officers.filter(({ roles: held }) =>
      held.some((role) => (DECIDING_ROLES as readonly string[]).includes(role)),
    )
    const ids = deciding.map((one) => one.id)
    const asking = { caseId, acting, context: await accessContext(kernel) }
    return {
      able: thoseWhoMay(state, DECIDE, ids, asking),
      escalation: kernel.intake.escalation,
    }
  },
  decide: (state, { appealId }, _acting, prepared) =>
    escalateAppeal(appealFactsOf(state), { appealId, ...prepared }),
  batch: 'intake',
})

const DECIDE = { name: 'decideReporterAppeal', group: 'decideAppeal' } as const
