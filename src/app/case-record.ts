/**
 * What a case holds, by the data categories of an agreement. A release takes from
 * here what was permitted and nothing else.
 *
 * The reporter's contact is not here: it never enters the case. Its category only
 * says so, so that an attempt to release it is refused by its clause.
 */
import type { Json } from '../base/canonical-json.ts'
import { type CaseState, phaseOf } from '../core/case/case.ts'
import { LEXICON, type Term } from '../core/triage/taxonomy.ts'

export type CaseRecord = { readonly [category: string]: Json }

/** That a case exists: its kind of harm, urgency and proposed end of the embargo. */
export function coordinationStub(state: CaseState): Json {
  return {
    kinds: [...state.kinds],
    urgency: state.triage.decided?.outcome ?? null,
    harms: state.triage.terms.filter(isHarm).map(({ scheme, id }) => `${scheme}:${id}`),
    embargoUntil: state.disclosure.embargoEnd?.until ?? null,
  }
}

/** Of the common lexicon only what was harmed; how it comes about is no part of a stub. */
function isHarm({ scheme, id }: Term): boolean {
  return scheme !== LEXICON || id.startsWith('impact.')
}

export function caseRecord(state: CaseState): CaseRecord {
  const { report } = state.triage
  return {
    coordinationStub: coordinationStub(state),
    caseSummary: {
      title: state.title,
      phase: phaseOf(state),
      priority: state.triage.decided?.outcome ?? null,
      terms: state.triage.terms.map(({ scheme, id, label }) => ({ scheme, id, label })),
      openedAt: state.openedAt,
    },
    technicalFacts: report
      ? ({
          description: report.description,
          affected: report.affected,
          problem: report.problem,
          references: report.references,
        } as unknown as Json)
      : null,
    personalData: { affectedPersons: state.rights.persons.map(({ personId }) => personId) },
    reporterContact: 'sealed; not part of the case record',
    statistics: { releases: state.releases.permitted.length, refusals: state.refusals.length },
  }
}
