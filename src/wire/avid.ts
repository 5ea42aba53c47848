/**
 * Records of the AI Vulnerability Database (AVID data models, versions 0.1 to
 * 0.3.x): reports and vulnerabilities, read into the domain's shape and written
 * again as the same record.
 *
 * Reading judges form, not truth. A value outside AVID's enumerations is kept and
 * remarked on, since published records have such values.
 */

import { textFromUtf8, utf8 } from '../base/bytes.ts'
import { type Json, requireSafe } from '../base/canonical-json.ts'
import { ComityError, invariant, malformed } from '../base/errors.ts'
import type { AdmittedReport } from '../core/triage/admitted-report.ts'
import { requireUniqueMembers } from './duplicate-members.ts'
import { pointerTo } from './json-pointer.ts'
import {
  anything,
  dateText,
  type Findings,
  type JsonObject,
  listOf,
  may,
  must,
  number,
  recordOf,
  requireObject,
  restoreExtensions,
  text,
  textLike,
  wordOf,
} from './record-shape.ts'

/** The largest record we read, as JSON text. Published ones are under 8 KiB. */
export const AVID_SIZE_MAX_BYTES = 256 * 1024

const recordId = textLike(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'a record id')
const nature = wordOf(['Issue', 'Advisory', 'Measurement', 'Detection'])
const localText = recordOf([must('lang', 'language', text), must('value', 'text', text)])

const affected = recordOf([
  may('developer', 'developers', listOf(text)),
  may('deployer', 'deployers', listOf(text)),
  may(
    'artifacts',
    'artifacts',
    listOf(
      recordOf([
        must('type', 'kind', wordOf(['Dataset', 'Model', 'System'])),
        must('name', 'name', text),
      ]),
    ),
  ),
])

const problem = recordOf([
  must(
    'classof',
    'origin',
    wordOf([
      'AIID Incident',
      'ATLAS Case Study',
      'CVE Entry',
      'LLM Evaluation',
      'Third-party Report',
      'Undefined',
    ]),
  ),
  may('type', 'nature', nature),
  must('description', 'title', localText),
])

const measurement = recordOf([
  may('name', 'name', text),
  may('features', 'features', anything),
  may(
    'detection_method',
    'method',
    recordOf([may('type', 'kind', text), may('name', 'name', text)]),
  ),
  may('results', 'results', anything),
  may('scorer', 'scorer', text),
  may('metrics', 'statistic', text),
  may('value', 'value', anything),
])

const reference = recordOf([
  may('type', 'kind', text),
  may('label', 'label', text),
  must('url', 'url', text),
])

const link = recordOf([
  must('report_id', 'reportId', text),
  may('type', 'nature', nature),
  may('name', 'name', text),
])

const avidAssessment = recordOf([
  may('vuln_id', 'vulnerabilityId', text),
  may('risk_domain', 'riskDomains', listOf(text)),
  may('sep_view', 'effects', listOf(text)),
  may('lifecycle_view', 'lifecycleStages', listOf(text)),
  may('taxonomy_version', 'taxonomyVersion', text),
])

const impact = recordOf([
  may('avid', 'avid', avidAssessment),
  may(
    'atlas',
    'atlas',
    listOf(
      recordOf([
        may('tactic', 'tactic', text),
        may('technique', 'technique', text),
        may('description', 'text', text),
      ]),
    ),
  ),
  may(
    'cvss',
    'cvss',
    recordOf(
      [
        may('version', 'version', text),
        may('vectorString', 'vector', text),
        may('baseScore', 'baseScore', number),
        may('baseSeverity', 'baseSeverity', text),
      ],
      'metrics',
    ),
  ),
  may(
    'cwe',
    'cwe',
    listOf(
      recordOf([
        may('cweId', 'weaknessId', text),
        may('description', 'text', text),
        may('lang', 'language', text),
      ]),
    ),
  ),
  may(
    'odin',
    'odin',
    recordOf([
      may('SocialImpactScore', 'socialImpact', text),
      may(
        'JailbreakTaxonomy',
        'jailbreaks',
        listOf(
          recordOf([
            may('Category', 'category', text),
            may('Strategy', 'strategy', text),
            may('Technique', 'technique', text),
          ]),
        ),
      ),
    ]),
  ),
])

const avidRecord = recordOf([
  must('data_type', 'format', textLike(/^AVID$/, 'the data type AVID')),
  must('data_version', 'formatVersion', textLike(/^0\.[1-3](?:\.\d{1,2})?$/, 'a known version')),
  must(
    'metadata',
    'identifiers',
    recordOf([may('report_id', 'reportId', recordId), may('vuln_id', 'vulnerabilityId', recordId)]),
  ),
  must('affects', 'affected', affected),
  must('problemtype', 'problem', problem),
  may('metrics', 'measurements', listOf(measurement)),
  may('references', 'references', listOf(reference)),
  must('description', 'description', localText),
  may('reports', 'links', listOf(link)),
  may('impact', 'impact', impact),
  may('credit', 'credits', listOf(localText)),
  may('reported_date', 'reportedOn', dateText),
  may('published_date', 'publishedOn', dateText),
  may('last_modified_date', 'lastModifiedOn', dateText),
])

/**
 * @throws ComityError `malformed` with a JSON pointer and one of the reasons
 * `wrong-type`, `missing`, `wrong-form`, `too-large`, `too-deep`, `forbidden-key`,
 * `not-finite`
 */
export function readAvid(json: Json): AdmittedReport {
  requireSafe(json, '', 0)
  requireFinite(json, '')
  if (utf8(JSON.stringify(json)).length > AVID_SIZE_MAX_BYTES) throw tooLarge()
  requireObject(json, '')
  const findings: Findings = { extensions: [], remarks: [] }
  const {
    format,
    formatVersion,
    problem: problemRead,
    ...rest
  } = avidRecord.read(json, '', findings) as JsonObject
  const { title, ...problemRest } = problemRead as JsonObject
  const identifiers = rest['identifiers'] as AdmittedReport['identifiers']
  if (!identifiers.reportId && !identifiers.vulnerabilityId) {
    throw malformed('a record has a report_id or a vuln_id', {
      field: '/metadata',
      reason: 'missing',
    })
  }
  // The shapes above are this type, member by member; the round trip tests hold them to it.
  return {
    kind: identifiers.reportId ? 'report' : 'vulnerability',
    source: { format, formatVersion },
    title,
    problem: problemRest,
    ...rest,
    ...findings,
  } as unknown as AdmittedReport
}

/** The record that `readAvid` read. Only for reports that came from AVID. */
export function writeAvid(report: AdmittedReport): Json {
  invariant(report.source.format === 'AVID', 'only a record of AVID is written as AVID')
  const { source, title, problem: problemRead, extensions, ...rest } = report
  const ours = { ...source, ...rest, problem: { ...problemRead, title } }
  const record = avidRecord.write(ours as unknown as Json)
  restoreExtensions(record, extensions)
  return record
}

/**
 * Parses and reads a record from outside: valid UTF-8 without a byte order mark,
 * no member twice in one object.
 *
 * @throws ComityError `malformed`, as `readAvid`, and with the reasons `wrong-charset`,
 * `not-json`, `duplicate-member`
 */
export function parseAvidText(bytes: Uint8Array): AdmittedReport {
  if (bytes.length > AVID_SIZE_MAX_BYTES) throw tooLarge()
  const given = decoded(bytes)
  let json: Json
  try {
    json = JSON.parse(given) as Json
  } catch (cause) {
    throw malformed('text is not JSON', { field: '', reason: 'not-json', cause })
  }
  requireUniqueMembers(given)
  return readAvid(json)
}

/** Pointers of everything in `source` that `rebuilt` lacks or has otherwise. */
export function lostMembers(source: Json, rebuilt: Json | undefined, at = ''): readonly string[] {
  if (source === null || typeof source !== 'object') return Object.is(source, rebuilt) ? [] : [at]
  if (rebuilt === null || typeof rebuilt !== 'object') return [at]
  if (Array.isArray(source) !== Array.isArray(rebuilt)) return [at]
  const keys = new Set([...Object.keys(source), ...Object.keys(rebuilt)])
  return [...keys].flatMap((key) => {
    const before = (source as JsonObject)[key]
    const after = Object.hasOwn(rebuilt, key) ? (rebuilt as JsonObject)[key] : undefined
    const place = pointerTo(at, key)
    if (before === undefined) return after === undefined ? [] : [place]
    return lostMembers(before, after, place)
  })
}

function decoded(bytes: Uint8Array): string {
  try {
    const given = textFromUtf8(bytes)
    if (!given.startsWith('\uFEFF') && !given.includes('\0')) return given
  } catch (cause) {
    if (!(cause instanceof ComityError)) throw cause
  }
  throw malformed('text is not UTF-8 without a byte order mark', {
    field: '',
    reason: 'wrong-charset',
  })
}

/** JSON.parse reads 1e999 as Infinity, which has no JSON form. */
function requireFinite(value: Json | undefined, at: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw malformed('number is out of range', { field: at, reason: 'not-finite' })
  }
  if (value === null || typeof value !== 'object') return
  for (const [key, item] of Object.entries(value)) {
    requireFinite(item as Json | undefined, pointerTo(at, key))
  }
}

function tooLarge() {
  return malformed('record is larger than 256 KiB', { field: '', reason: 'too-large' })
}
