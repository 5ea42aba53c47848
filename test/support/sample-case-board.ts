/** Samples of the board of a disclosure. All of it is invented. */
import type { Instant } from '../../src/base/time.ts'
import { addMs, DAY_MS } from '../../src/base/time.ts'
import type { CaseBoardModel } from '../../src/web/officer/case-board/model.ts'
import { NOW } from './ring.ts'

const head = { id: 'case-1', ref: 'MER-2026-0001', title: 'Canary leaks (invented)' }
const days = (count: number) => addMs(NOW, count * DAY_MS)
const zone = 'Europe/Brussels'
const meridia = { id: 'meridia.example', name: 'Meridia (fictional)' }
const larkspur = { id: 'Larkspur (invented)', name: 'Larkspur (invented)' }
const albion = { id: 'albion.example', name: 'Albion (fictional)' }
const silent = { id: 'نظام (مختلق)', name: 'نظام (مختلق)' }

export const caseBoardSample: CaseBoardModel = {
  case: head,
  lead: meridia,
  isLead: true,
  embargo: {
    state: 'revise',
    terms: { embargoId: 'embargo-1', until: days(20), zone },
    proposals: [
      { embargoId: 'embargo-2', until: days(30), zone },
      { embargoId: 'embargo-3', until: days(45), zone },
    ],
  },
  facts: [
    { fact: 'publicAware', holds: false },
    { fact: 'exploitPublic', holds: false },
    { fact: 'attacksObserved', holds: true, since: days(-1) },
  ],
  waiting: [
    { what: 'proposal', whom: meridia, since: days(-2), isLate: false },
    { what: 'inviteAnew', whom: meridia, about: larkspur, since: days(-2), isLate: false },
    { what: 'embargoAnswer', whom: albion, since: days(-5), dueAt: days(2), isLate: false },
    { what: 'noAnswer', whom: silent, since: days(-9), isLate: true },
    { what: 'productStatus', whom: larkspur, isLate: false },
  ],
  claims: [
    {
      fact: 'exploitPublic',
      by: albion,
      at: days(-1),
      evidence: 'A forum shows the way (invented).',
      state: 'held',
    },
    {
      fact: 'attacksObserved',
      by: larkspur,
      at: days(-2),
      evidence: 'Its own logs (invented).',
      state: 'adopted',
      decided: { at: days(-1), reason: 'The logs were shown to us.' },
    },
  ],
  participants: [
    {
      name: meridia,
      isSelf: true,
      hasNode: false,
      hasSeat: false,
      said: [],
      roles: ['caseOwner', 'caseManager', 'coordinator'],
      report: { state: 'accepted', since: days(-10) },
      consent: { state: 'signatory', since: days(-9), to: [days(20), days(45)] },
    },
    {
      name: larkspur,
      isSelf: false,
      hasNode: false,
      hasSeat: false,
      said: [],
      roles: ['vendor', 'deployer'],
      report: { state: 'valid', since: days(-3) },
      consent: { state: 'lapsed', since: days(-2), to: [days(20)] },
      vendor: {
        state: 'Vfd',
        since: days(-8),
        products: [
          {
            product: 'Larkspur Chat 4',
            status: 'affected',
            justification: null,
            at: days(-3),
            evidence: 'its letter',
          },
          {
            product: 'Larkspur Chat 5',
            status: 'fixed',
            justification: null,
            at: days(-1),
            evidence: 'its new build',
          },
        ],
      },
    },
    {
      name: albion,
      isSelf: false,
      hasNode: true,
      hasSeat: false,
      said: [],
      roles: ['coordinator'],
      report: { state: 'start' },
      consent: { state: 'invited', since: days(-5), answerBy: days(2), to: [] },
    },
    {
      name: silent,
      isSelf: false,
      hasNode: false,
      hasSeat: true,
      said: [
        {
          word: 'commentDraft',
          at: '2026-12-03T10:00:00.000Z' as Instant,
          text: 'Version 4.1 is affected too.',
          draft: 'COMITY-2026-0001',
        },
        { word: 'acknowledge', at: '2026-12-02T10:00:00.000Z' as Instant },
      ],
      roles: ['vendor'],
      report: { state: 'start' },
      consent: { state: 'silent', since: days(-9), to: [] },
      vendor: { state: 'vfd', products: [] },
      left: { at: days(-1), keepsEmbargo: true },
    },
  ],
  page: { at: 1, of: 3 },
  acts: [
    { act: 'proposeEmbargo', isAllowed: true },
    {
      act: 'recordSilence',
      isAllowed: false,
      because: [{ rule: 'disclosure:nobodyLate', text: 'every invitation was answered' }],
    },
  ],
}

export const emptyCaseBoard: CaseBoardModel = {
  case: head,
  lead: albion,
  isLead: false,
  embargo: { state: 'none', proposals: [] },
  facts: [
    { fact: 'publicAware', holds: false },
    { fact: 'exploitPublic', holds: false },
    { fact: 'attacksObserved', holds: false },
  ],
  waiting: [],
  claims: [],
  participants: [],
  page: { at: 1, of: 1 },
  acts: [],
}
