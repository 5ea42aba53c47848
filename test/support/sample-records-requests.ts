/** Samples of the page of requests for records of a case. All of it is invented. */
import { addMs, calendarDate, DAY_MS } from '../../src/base/time.ts'
import type { RecordsRequestsModel } from '../../src/web/officer/records-requests/model.ts'
import { NOW } from './ring.ts'

const head = { id: 'case-1', ref: 'MER-2026-0001', title: 'Canary leaks (invented)' }
const days = (count: number) => addMs(NOW, count * DAY_MS)
const act = (name: string, id: string, label: string) =>
  ({ act: name, about: { id, label }, isAllowed: true }) as const
const none = { consultations: [], originators: [], against: [], acts: [] }
const because = (rule: string, text: string) => ({ rule: `records:${rule}`, text })

export const recordsRequestsSample: RecordsRequestsModel = {
  case: head,
  acts: [{ act: 'recordRecordsRequest', isAllowed: true }],
  asked: [
    {
      id: 'asked-1',
      from: 'Sierra (fictional)',
      question: 'We were asked for your transcript. May the redacted copy go out? (invented)',
      receivedAt: days(-2),
      answerBy: days(12),
      releases: ['018f3c1e-0000-7000-8000-000000000001'],
      state: 'waiting',
      acts: [act('answerRecordsConsultation', 'asked-1', 'Sierra (fictional)')],
    },
    {
      id: 'asked-2',
      from: 'Albion (fictional)',
      question: 'هل يجوز نشر ذلك؟ (مختلق)',
      receivedAt: days(-30),
      answerBy: days(-16),
      releases: ['018f3c1e-0000-7000-8000-000000000002'],
      state: 'objects',
      answer: { reason: 'It would warn the operator.', at: days(-20), by: 'Clara Okafor' },
      acts: [],
    },
  ],
  requests: [
    {
      id: 'request-1',
      requester: 'FOI/2026-114',
      asked: 'Everything about the companion since March (invented).',
      receivedAt: calendarDate('2026-11-20'),
      dueAt: days(6),
      standing: 'open',
      basis: { kind: 'citation', text: 'Public Records Act (fictional), s. 10' },
      search: { how: 'All exhibits and letters.', at: days(-1), by: 'Clara Okafor', found: 4 },
      items: [
        {
          ...none,
          kind: 'exhibit',
          name: 'Transcript of Albion (00000001)',
          state: 'undecided',
          originators: ['Albion (fictional)'],
          consultations: [
            {
              originator: 'Albion (fictional)',
              askedAt: days(-20),
              answerBy: days(-6),
              isByMessage: true,
              state: 'silent',
            },
          ],
          against: [because('originatorConsentMissing', 'Albion has not consented')],
          acts: [act('decideRecordsItem', 'request-1.exhibit:1', 'Transcript of Albion')],
        },
        {
          ...none,
          kind: 'exhibit',
          name: 'Transcript (00000002)',
          state: 'partly',
          copy: 'Transcript, redacted (00000003)',
          by: 'Clara Okafor',
          exemption: {
            ground: 'personalData',
            citation: 'Public Records Act (fictional), s. 40',
            source: 'Statute Book of Meridia (fictional)',
            reason: 'It names two people.',
            harm: 'They would be found.',
            publicInterest: 'The facts can be told without the names.',
          },
        },
        { ...none, kind: 'document', name: 'Advisory MER-1', state: 'disclose', by: 'Ada Ferrant' },
      ],
      against: [because('itemUndecided', '1 of what the search found is not decided')],
      letters: [],
      appeals: [],
      acts: [
        act('searchRecords', 'request-1', 'FOI/2026-114'),
        {
          act: 'answerRecordsRequest',
          about: { id: 'request-1', label: 'FOI/2026-114' },
          isAllowed: false,
          because: [{ rule: 'access:role', text: 'this takes another role' }],
        },
      ],
    },
    {
      id: 'request-2',
      requester: 'FOI/2026-9',
      asked: 'Letters to the operator.',
      receivedAt: calendarDate('2026-05-02'),
      dueAt: days(-100),
      standing: 'inTime',
      basis: { kind: 'clock', text: 'x.records/answer' },
      items: [
        {
          ...none,
          kind: 'release',
          name: '2026-05-01 from Albion (fictional)',
          state: 'withhold',
          by: 'Clara Okafor',
          exemption: { ground: 'otherLaw', citation: 's. 12 (fictional)', reason: 'Secrecy.' },
        },
      ],
      against: [],
      answer: {
        outcome: 'refused',
        at: days(-101),
        by: 'Ada Ferrant',
        reason: 'Everything that is held is exempt.',
        digest: 'a'.repeat(64),
        released: 0,
      },
      letters: [{ id: 'letter-1', at: days(-101), hasPdf: true }],
      appeals: [
        {
          body: 'Information Tribunal (fictional)',
          reference: 'T-1',
          filedAt: calendarDate('2026-07-01'),
        },
      ],
      acts: [act('noteRecordsAppeal', 'request-2', 'FOI/2026-9')],
    },
  ],
}

export const emptyRecordsRequests: RecordsRequestsModel = {
  case: head,
  acts: [
    {
      act: 'recordRecordsRequest',
      isAllowed: false,
      because: [{ rule: 'access:role', text: 'this takes another role' }],
    },
  ],
  asked: [],
  requests: [],
}
