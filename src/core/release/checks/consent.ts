/**
 * Every affected person consented where a clause wants it, and nobody said no or took it
 * back. Consent is an added safeguard; it makes nothing lawful that was not.
 */
import type { AgreementDocument } from '../../agreement/document.ts'
import { consentGaps } from '../../rights/consents.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, guardedBy } from './check.ts'

export function consentFaults(
  { rights }: ReleaseBasis,
  document: AgreementDocument,
  { recipient, purpose, categories }: PrepareRelease,
): readonly Fault[] {
  const { guarded, because } = guardedBy(document, 'requireConsent', categories)
  const asked = { recipient, purpose, categories, required: guarded }
  const gaps = consentGaps(rights, asked)
  return gaps.length === 0 ? [] : [fault('consentMissing', ...because, ...gaps)]
}
