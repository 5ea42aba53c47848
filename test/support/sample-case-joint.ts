/** Models of the page of joint work on a case; every name is fictional. */
import { calendarDate, instant } from '../../src/base/time.ts'
import type { CaseJointModel } from '../../src/web/officer/case-joint/model.ts'
import { caseBoardSample, emptyCaseBoard } from './sample-case-board.ts'

const at = instant('2026-11-20T10:00:00.000Z')
const facts = {
  embargoBreaches: [{ letter: 'P', at }],
  ...{
    overdueClocks: ['eu.cra/warning'],
    breachedDuties: 1,
    silent: ['nova-models'],
    lateItems: 2,
  },
}
const noFacts = {
  ...{ embargoBreaches: [], overdueClocks: [], silent: [] },
  ...{ breachedDuties: 0, lateItems: 0 },
}

export const caseJointSample: CaseJointModel = {
  case: caseBoardSample.case,
  playbooks: [
    {
      ...{ title: 'Triage together', version: '1.0', startedAt: at, done: 1 },
      items: (['open', 'overdue', 'done', 'skipped'] as const).map((state) => ({
        ...{ itemId: `item-${state}`, text: `An item that is ${state}`, state, dueAt: at },
        owner: 'Iris Halden (fictional)',
        reason: state === 'skipped' ? 'Another authority did it.' : null,
      })),
    },
  ],
  facts,
  reviews: [
    {
      ...{ at, wentWell: 'The first answer.', wentLate: 'The fix.', lessons: 'Ask sooner.', facts },
      actions: [
        {
          ...{ text: 'Write to vendors sooner', owner: 'Iris Halden (fictional)' },
          dueOn: calendarDate('2026-12-20'),
        },
      ],
    },
  ],
  closed: { at, reason: null },
  offers: (['waits', 'accepted', 'declined'] as const).map((state) => ({
    ...{ from: 'Albion (fictional)', kind: 'testing', text: 'A laboratory for a week.', state },
    reason: state === 'waits' ? null : 'Said on the telephone.',
  })),
  taskForces: [
    {
      ...{
        name: 'Assistants (fictional)',
        mandate: 'Test the fix.',
        lead: 'Iris Halden (fictional)',
      },
      members: ['Albion (fictional)'],
      ...{ startsOn: calendarDate('2026-11-01'), endsOn: calendarDate('2026-12-31') },
      ended: { at, reason: 'The fix holds.' },
    },
  ],
  lineage: {
    components: [
      { id: 'model:base', kind: 'model', name: 'Base (fictional)', version: '2' },
      { id: 'system:chat', kind: 'system', name: 'Chat (fictional)', version: null },
      {
        id: 'organisation:clinic',
        kind: 'organisation',
        name: 'Clinic (fictional)',
        version: null,
      },
    ],
    sources: [{ source: 'CycloneDX 1.6', at, notCarried: [{ pointer: '/services', why: 'none' }] }],
    affected: 'model:base',
    toTell: [
      {
        ...{ name: 'Clinic (fictional)', as: 'deployedBy', isParticipant: true },
        path: ['Chat (fictional)', 'Base (fictional)'],
      },
    ],
  },
  acts: caseBoardSample.acts,
}

export const emptyCaseJoint: CaseJointModel = {
  case: emptyCaseBoard.case,
  ...{ playbooks: [], facts: noFacts, reviews: [], closed: null, offers: [], taskForces: [] },
  lineage: { components: [], sources: [], affected: null, toTell: [] },
  acts: [],
}
