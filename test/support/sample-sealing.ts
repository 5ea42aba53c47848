/** Sample models of the pages about sealing keys, with names that are plainly fictional. */
import { instant } from '../../src/base/time.ts'
import type { PageModels } from '../../src/web/pages.ts'

const at = instant('2026-12-01T09:00:00.000Z')
const until = instant('2026-12-08T09:00:00.000Z')
const formToken = 'sample-form-token'
const recipient = `age1${'q'.repeat(58)}`
const fingerprint = 'a1b2 c3d4 e5f6 0718 293a 4b5c 6d7e 8f90'
const setId = '00112233aabbccdd'
const requestId = '3f1c6a52-6d0f-4a51-9d28-0a4f6f0f7c11'
const because = [
  { rule: 'roster:second-person', text: 'who proposed the roster does not approve it' },
]

type Sealing =
  | 'officer/sealing-key'
  | 'officer/sealing-roster'
  | 'officer/recovery'
  | 'officer/reseal'
  | 'officer/sealed-contact'

export const sealingModels: Pick<PageModels, Sealing> = {
  'officer/sealing-key': {
    own: { recipient, fingerprint, kept: 'browser', layer: 'inner' },
    past: [{ fingerprint, ended: 'lost' }],
    openWithOld: 3,
    announce: { isAllowed: true, action: '/en/officer/sealing/key' },
    lose: { isAllowed: true, action: '/en/officer/sealing/key/lost' },
    formToken,
  },
  'officer/sealing-roster': {
    digest: '7'.repeat(64),
    since: at,
    entries: [
      {
        name: 'Ines Marlow (fictional)',
        isEscrow: false,
        layer: 'inner',
        fingerprint,
        isUsed: true,
      },
      {
        name: 'Oskar Venn (fictional)',
        isEscrow: false,
        layer: 'inner',
        fingerprint,
        isUsed: false,
      },
      { name: setId, isEscrow: true, layer: 'inner', fingerprint, isUsed: true },
    ],
    left: 12,
    oldKeys: [{ name: 'Oskar Venn (fictional)', count: 12 }],
    proposal: {
      id: requestId,
      by: 'Pim Rack (fictional)',
      until,
      entries: [
        { name: 'Ines Marlow (fictional)', isEscrow: false, layer: 'inner', isNew: false },
        { name: 'Ada Heath (fictional)', isEscrow: false, layer: 'inner', isNew: true },
      ],
      dropped: ['Oskar Venn (fictional)'],
      approve: { isAllowed: true, action: '/en/officer/sealing/roster/approve' },
      end: { isAllowed: true, action: '/en/officer/sealing/roster/end' },
      isOwn: false,
    },
    candidates: [
      { recipient, name: 'Ines Marlow (fictional)', isEscrow: false, layer: 'inner' },
      { recipient: `${recipient}2`, name: setId, isEscrow: true, layer: 'none' },
    ],
    propose: { isAllowed: true, action: '/en/officer/sealing/roster/propose' },
    formToken,
  },
  'officer/recovery': {
    sets: [
      {
        id: setId,
        fingerprint,
        threshold: 2,
        isInRoster: true,
        holders: [
          { index: 1, name: 'Ines Marlow (fictional)', isPrinted: false },
          { index: 2, name: 'Notary Nook (fictional)', isPrinted: true },
        ],
        ask: { isAllowed: true, action: '/en/officer/sealing/recovery/ask' },
      },
    ],
    requests: [
      {
        id: requestId,
        setId,
        ground: 'Both inner officers are ill.',
        by: 'Lena Bridge (fictional)',
        until,
        state: 'open',
        given: 1,
        threshold: 2,
        mine: { index: 1, sealed: 'YQ==' },
        give: { isAllowed: true, action: '/en/officer/sealing/recovery/give' },
        cancel: '/en/officer/sealing/recovery/cancel',
        complete: { isAllowed: true, action: '/en/officer/sealing/recovery/complete' },
        facts: '{}',
      },
    ],
    make: { isAllowed: true, action: '/en/officer/sealing/recovery/sets' },
    holders: [{ id: 'meridia-ines', name: 'Ines Marlow (fictional)', recipient }],
    formToken,
  },
  'officer/sealed-contact': {
    case: { id: '018f3c1e-0000-7000-8000-000000000004', ref: 'MER-2026-0004', title: 'Larkspur' },
    ground: 'The reporter asked to be called before anything is published (invented).',
    basis: 'reporterAgreed',
    takenAt: at,
    until,
    proposedBy: 'Ines Marlow (fictional)',
    approvedBy: 'Oskar Venn (fictional)',
    layers: ['outer'],
    formToken,
  },
  'officer/reseal': {
    left: 12,
    oldKeys: [{ name: 'Oskar Venn (fictional)', count: 12 }],
    roster: '7'.repeat(64),
    formToken,
  },
}

export const SEALING_VARIANTS = [
  {
    page: 'officer/sealing-key',
    name: 'none',
    model: {
      past: [],
      openWithOld: 0,
      announce: { isAllowed: false, because },
      lose: { isAllowed: false, because },
      formToken,
      refused: because,
    },
  },
  {
    page: 'officer/sealing-roster',
    name: 'disabled',
    model: {
      digest: '7'.repeat(64),
      entries: [],
      left: 0,
      oldKeys: [],
      proposal: {
        id: requestId,
        by: 'Pim Rack (fictional)',
        until,
        entries: [],
        dropped: [],
        approve: { isAllowed: false, because },
        end: { isAllowed: false, because },
        isOwn: true,
      },
      candidates: [],
      propose: { isAllowed: false, because },
      formToken,
      refused: because,
    },
  },
  {
    page: 'officer/recovery',
    name: 'empty',
    model: {
      sets: [],
      requests: [],
      make: { isAllowed: false, because },
      holders: [],
      formToken,
      refused: because,
    },
  },
  {
    page: 'officer/recovery',
    name: 'disabled',
    model: {
      sets: [],
      requests: [
        {
          id: requestId,
          setId,
          ground: 'Both inner officers are ill.',
          by: 'Lena Bridge (fictional)',
          until,
          state: 'open',
          given: 1,
          threshold: 2,
          mine: { index: 1, sealed: 'YQ==' },
          give: { isAllowed: false, because },
          complete: { isAllowed: false, because },
          facts: '{}',
        },
      ],
      make: { isAllowed: false, because },
      holders: [],
      formToken,
    },
  },
  {
    page: 'officer/reseal',
    name: 'done',
    model: { left: 0, oldKeys: [], roster: '7'.repeat(64), formToken },
  },
] as const
