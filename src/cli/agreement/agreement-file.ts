/** An agreement from a file that a person names: a document, or a model to fill in. */
import { readFileSync, statSync } from 'node:fs'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { type AgreementModel, agreementFromModel } from '../../core/agreement/agreement-model.ts'
import { plainText } from '../../wire/package/plain-text.ts'

const BYTES_MAX = 4 * 1024 * 1024
const YEARS = 3
const NODE_ID = '01990000-0000-7000-8000-000000000000'

export type AgreementFile = {
  readonly document: Json
  /** A model has no parties, dates and witnesses; made-up ones stand in for them. */
  readonly isModel: boolean
}

/** @param orders legal orders of the parties that a model is tried with */
export function agreementFile(
  path: string,
  orders: readonly string[],
  start: Instant,
): AgreementFile {
  const value = jsonOf(path)
  if (!isModel(value)) return { document: value, isModel: false }
  const document = agreementFromModel(value as unknown as AgreementModel, {
    id: NODE_ID,
    parties: orders.map((legalOrder, n) => ({
      node: `party-${n + 1}.example`,
      name: `A party under the law of ${legalOrder} (fictional)`,
      legalOrder,
      messageKeys: [{ id: `party-${n + 1}.example/msg`, fingerprint: `${n}`.padStart(64, '0') }],
    })),
    quorum: 'quorum none\n',
    validFromAt: start,
    sunsetAt: addMs(start, YEARS * 365 * DAY_MS),
  })
  return { document: document as unknown as Json, isModel: true }
}

function jsonOf(path: string): Json {
  const name = plainText(path)
  if (statSync(path).size > BYTES_MAX) throw malformed(`${name} is larger than ${BYTES_MAX} bytes`)
  const value = parseJson(readFileSync(path))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw malformed(`${name} is no agreement`)
}

function isModel(value: Json): boolean {
  const members = Object.keys(value as object)
  return (
    members.includes('reviewAfterDays') &&
    ['clauses', 'categories', 'purposes', 'transferInstruments'].every(
      (member) => members.includes(member) && Array.isArray((value as never)[member]),
    )
  )
}
