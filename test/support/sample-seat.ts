/** A vendor's seat for the page of what was shared, with everything that it can hold. */

import type { SharedCase } from '../../src/app/shared-cases.ts'
import type { Instant } from '../../src/base/time.ts'
import {
  foldDisclosure,
  initialDisclosure,
  participantOf,
} from '../../src/core/disclosure/disclosure-state.ts'
import type { DisclosureEvent } from '../../src/core/disclosure/events.ts'
import { openAtSeat } from '../../src/core/disclosure/seat.ts'
import type { SharedCaseModel } from '../../src/web/officer/shared-case/model.ts'
import { presentSeat } from '../../src/web/officer/shared-case/seat.ts'

const id = 'Larkspur Models (fictional)'
const at = '2026-12-02T10:00:00.000Z' as Instant
const until = '2027-01-15T10:00:00.000Z' as Instant
const zone = 'Europe/Brussels'
const sooner = '2027-01-02T10:00:00.000Z' as Instant
const spoke = { type: 'participantSpoke', participant: id, person: 'p1' } as const

const EVENTS: readonly DisclosureEvent[] = [
  { type: 'participantJoined', participant: id, roles: ['vendor', 'deployer'] },
  {
    type: 'embargoChanged',
    event: 'propose',
    from: 'none',
    to: 'proposed',
    terms: { embargoId: 'e1', until, zone },
  },
  {
    type: 'embargoChanged',
    event: 'propose',
    from: 'proposed',
    to: 'proposed',
    terms: { embargoId: 'e2', until: sooner, zone },
    participant: id,
  },
  {
    type: 'consentChanged',
    participant: id,
    event: 'accept',
    from: 'noEmbargo',
    to: 'signatory',
    embargoId: 'e2',
  },
  { type: 'reportStateChanged', participant: id, event: 'receive', from: 'start', to: 'received' },
  { type: 'progressChanged', letter: 'V', participant: id, evidence: 'received the report' },
  { type: 'progressChanged', letter: 'A', evidence: 'three hospitals wrote about it' },
  { ...spoke, spokenId: 's1', word: 'acknowledge' },
  { ...spoke, spokenId: 's2', word: 'stateProduct', text: 'It does not use the component.' },
  {
    type: 'productStatusStated',
    participant: id,
    product: 'Larkspur Dose 4.1',
    status: 'notAffected',
    justification: 'componentNotPresent',
    evidence: 'It does not use the component.',
  },
  {
    type: 'publicFactClaimed',
    claimId: 'c1',
    letter: 'P',
    participant: id,
    evidence: 'a newspaper has it',
  },
]

const state = EVENTS.reduce(
  (sofar, event, index) => foldDisclosure(sofar, { event, at, by: 'x', version: index + 1 }),
  initialDisclosure,
)
const own = participantOf(state, id)
if (!own) throw new Error('the sample joins')

const content = {
  is: 'advisory',
  lang: 'en',
  title: 'Wrong doses from a model (invented)',
  product: 'Larkspur Dose',
  severity: 'high',
  sectors: ['health'],
  summary: 'The model gives wrong doses for children.',
  vendor: id,
  versionRange: 'before 4.2',
  status: 'known_affected',
  remediation: 'Install 4.2.',
  forUsers: null,
} as const

const seat: NonNullable<SharedCase['seat']> = {
  own,
  publicState: state.publicState,
  embargo: {
    state: state.embargo,
    terms: { embargoId: 'e0', until, zone },
    proposals: state.proposals,
    consentedTo: own.consentedTo,
  },
  products: state.products,
  claims: state.claims,
  said: state.spoken,
  drafts: [{ trackingId: 'COMITY-2026-0001', draftedAs: 12, content }],
  others: {
    authorities: [{ id: 'albion.example', consent: 'signatory' }],
    vendors: { total: 2, aware: 1, fixReady: 1, fixDeployed: 0 },
  },
  withheld: [
    { rule: 'disclosure.contentAfterConsent', text: 'Content goes to those who consented.' },
  ],
  open: openAtSeat(state, own, []),
}

export const sampleSeat = presentSeat(
  { seat },
  {
    say: (word) => `/en/officer/guest/5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10/say/${word}`,
    nameOf: () => 'Albion Algorithm Inspectorate (fictional)',
  },
  {
    word: 'reportProgress',
    values: { letter: 'D', text: '' },
    errors: [{ field: 'text', reason: 'required' }],
    refusedNow: [{ rule: 'disclosure.caseMachine', text: 'No such step: D from Vfd.' }],
  },
) satisfies Pick<SharedCaseModel, 'seat'>
