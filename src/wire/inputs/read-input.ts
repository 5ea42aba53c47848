/**
 * Records of others into the shape of a report: AVID, the AI Incident Database, the
 * AI flaw report, CVE 5 and CSAF. Which format it is, the record says itself. Each
 * reader judges form, not truth, takes what a report has a place for, and lists the
 * rest with the reason.
 */
import { type Json, requireSafe } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import type { AdmittedReport } from '../../core/triage/admitted-report.ts'
import { AVID_SIZE_MAX_BYTES, readAvid } from '../avid.ts'
import { requireObject } from '../record-shape.ts'
import { readAiid } from './aiid.ts'
import { readCsafDocument } from './csaf-document.ts'
import { readCveRecord } from './cve-record.ts'
import { readFlawReport } from './flaw-report.ts'
import { type NotCarried, openSource, type Source } from './source.ts'

export const INPUT_FORMATS = ['avid', 'aiid', 'flawReport', 'cve', 'csaf'] as const
export type InputFormat = (typeof INPUT_FORMATS)[number]

/** Published CSAF documents of large vendors reach this; others are far below. */
export const INPUT_SIZE_MAX_BYTES = 1024 * 1024

export type ReadInput = {
  readonly format: InputFormat
  readonly report: AdmittedReport
  readonly notCarried: readonly NotCarried[]
}

const READERS: Readonly<Record<Exclude<InputFormat, 'avid'>, (source: Source) => AdmittedReport>> =
  { aiid: readAiid, flawReport: readFlawReport, cve: readCveRecord, csaf: readCsafDocument }

/**
 * @throws ComityError `malformed` with a JSON pointer and the reason, also where the
 * record is of none of these formats
 */
export function readInput(record: Json): ReadInput {
  requireSafe(record, '', 0)
  const format = formatOf(record)
  if (format === undefined) {
    throw malformed('a record of none of the formats that are read', {
      field: '',
      reason: 'unknown-format',
    })
  }
  if (format === 'avid') return { format, report: readAvid(record), notCarried: [] }
  if (JSON.stringify(record).length > INPUT_SIZE_MAX_BYTES) {
    throw malformed('record is larger than 1 MiB', { field: '', reason: 'too-large' })
  }
  const source = openSource(record)
  const report = READERS[format](source)
  if (JSON.stringify(report).length > AVID_SIZE_MAX_BYTES) {
    throw malformed('what a report would hold of it is larger than 256 KiB', {
      field: '',
      reason: 'too-large',
    })
  }
  return { format, report, notCarried: source.notCarried() }
}

/** By what only that format has. */
export function formatOf(record: Json): InputFormat | undefined {
  const given = requireObject(record, '')
  const has = (name: string) => Object.hasOwn(given, name)
  const document = given['document']
  if (given['data_type'] === 'AVID') return 'avid'
  if (given['dataType'] === 'CVE_RECORD') return 'cve'
  if (
    document !== null &&
    typeof document === 'object' &&
    Object.hasOwn(document ?? {}, 'csaf_version')
  ) {
    return 'csaf'
  }
  if (has('Disclosure Intent') || has('Flaw Description') || has('Report Types'))
    return 'flawReport'
  const isClassification = has('namespace') && (has('classifications') || has('attributes'))
  return has('incident_id') || has('report_number') || isClassification ? 'aiid' : undefined
}
