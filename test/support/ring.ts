/** The three fictional authorities of the demonstration and an agreement between them, for tests. */
import { createHash } from 'node:crypto'
import modelJson from '../../agreements/disclosure-ring.json' with { type: 'json' }
import { type Instant, instant } from '../../src/base/time.ts'
import {
  type AgreementState,
  foldAgreement,
  noAgreement,
} from '../../src/core/agreement/agreement.ts'
import type { AgreementEvent } from '../../src/core/agreement/agreement-events.ts'
import {
  type AgreementModel,
  agreementFromModel,
} from '../../src/core/agreement/agreement-model.ts'
import type { Clause } from '../../src/core/agreement/clause.ts'
import { type AgreementDocument, agreementDigestInput } from '../../src/core/agreement/document.ts'
import type { Acting, Recorded, Role } from '../../src/core/case/recorded.ts'

export const ring = modelJson as unknown as AgreementModel
export const MERIDIA = 'meridia.example'
export const ALBION = 'albion.example'
export const SIERRA = 'sierra.example'

export const NOW = instant('2026-11-22T12:00:00.000Z')
export const START = instant('2026-11-01T00:00:00.000Z')
export const SUNSET = instant('2027-11-01T00:00:00.000Z')

const AROUND: readonly Clause['kind'][] = [
  'dispute',
  'rapidAmendment',
  'carveOut',
  'membership',
  'costs',
  'confidentiality',
  'safeHarbour',
  'requireSecondOfficer',
  'handling',
]

/** The model without the terms around its releases, so that a test adds its own. */
export function ringAgreement(changes: Partial<AgreementDocument> = {}): AgreementDocument {
  const party = (node: string, legalOrder: string, digit: string) => ({
    node,
    name: `Authority of ${node} (fictional)`,
    legalOrder,
    messageKeys: [{ id: `${node}/msg1`, fingerprint: digit.repeat(64) }],
  })
  const document = agreementFromModel(ring, {
    id: '01990000-0000-7000-8000-000000000001',
    parties: [party(MERIDIA, 'EU', '1'), party(ALBION, 'GB', '2'), party(SIERRA, 'US-CA', '3')],
    quorum: 'quorum none\n',
    validFromAt: START,
    sunsetAt: SUNSET,
  })
  const clauses = document.clauses.filter(({ kind }) => !AROUND.includes(kind))
  return { ...document, clauses, ...changes }
}

export function digestOf(document: AgreementDocument): string {
  return createHash('sha256').update(agreementDigestInput(document)).digest('hex')
}

export function officer(name: string, changes: Partial<Acting> = {}): Acting {
  const roles: readonly Role[] = ['caseOfficer']
  return { officer: name, roles, authority: MERIDIA, now: NOW, ...changes }
}

export function recorded<E>(event: E, by = 'ada', at: Instant = NOW, version = 1): Recorded<E> {
  return { event, version, at, by }
}

/** Folds events that one officer caused. */
export function folded<S, E>(
  fold: (state: S, recorded: Recorded<E>) => S,
  state: S,
  events: readonly E[],
  by = 'ada',
  at: Instant = NOW,
): S {
  return events.reduce((s, event) => fold(s, recorded(event, by, at)), state)
}

export function ringInForce(document = ringAgreement()): AgreementState {
  const digest = digestOf(document)
  const events: readonly AgreementEvent[] = [
    { type: 'agreementDrafted', document, digest },
    { type: 'agreementOffered', digest, offeredBy: MERIDIA },
    ...document.parties.map(({ node: party }) => ({
      type: 'agreementSigned' as const,
      ...{ party, officer: 'x', digest, signature: 'AA==', simulated: true },
    })),
    { type: 'agreementEnteredIntoForce', digest },
  ]
  return folded(foldAgreement, noAgreement, events)
}
