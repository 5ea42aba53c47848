/**
 * What an organisation that files by name can show beside its receipt. The receipt holds only
 * the statement's digest, under a salt that the organisation alone keeps; so the receipt names
 * nobody, and whoever is shown both sees that a report in this name arrived on that day.
 *
 * It does not show what was reported, nor that the name is true: officers compare it with the
 * report when they open it.
 */
import { type Bytes, concatBytes, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { FormAnswers } from './report-forms.ts'

export type FilingStatement = {
  readonly v: 1
  readonly kind: 'filing-statement'
  readonly origin: string
  readonly legalName: string
  readonly registerNumber: string | null
  /** Instrument and channel, as the form offered them. */
  readonly law: string | null
  /** 32 random bytes, base64. */
  readonly salt: string
}

/** @returns undefined if the answers are not those of an organisation that files by name */
export function statementOf(
  origin: string,
  { kind, legalName, registerNumber, law }: FormAnswers,
  salt: string,
): FilingStatement | undefined {
  if (kind !== 'seriousIncident' || typeof legalName !== 'string') return undefined
  const textOr = (value: unknown) => (typeof value === 'string' ? value : null)
  return {
    v: 1,
    kind: 'filing-statement',
    origin,
    legalName,
    registerNumber: textOr(registerNumber),
    law: textOr(law),
    salt,
  }
}

export function statementDigest({ sha256 }: Hashing, statement: FilingStatement): Bytes {
  const said = canonicalBytes(statement as unknown as Json)
  return new Uint8Array(sha256(concatBytes(utf8('comity/filing-statement/v1\n'), said)))
}
