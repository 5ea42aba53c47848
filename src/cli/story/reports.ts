/** Reports for the story: the invented sample, or records in AVID's form from a file. */
import { readFileSync } from 'node:fs'
import type { Json } from '../../base/canonical-json.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { ComityError, malformed } from '../../base/errors.ts'
import { isAlreadyPublic } from '../../core/triage/admitted-report.ts'
import { readAvid } from '../../wire/avid.ts'
import { REPORT_TEXT_MAX } from '../../wire/intake/report-forms.ts'
import { linesIn } from '../byte-lines.ts'
import type { StoryReport } from './story.ts'

const SAMPLE = new URL('../../../exercises/demo/report.json', import.meta.url)
const TITLE_MAX = 250
const SPACE = 0x20

export function sampleReport(): StoryReport {
  const answers = JSON.parse(readFileSync(SAMPLE, 'utf8')) as Record<string, string>
  return { label: 'invented sample', answers, avid: undefined, isPublic: false }
}

/**
 * @param file one record, or one a line where the name ends in `.jsonl`
 * @throws ComityError `malformed` naming the line and the field
 */
export function readReports(file: string, limit: number): readonly StoryReport[] {
  const bytes = new Uint8Array(readFileSync(file))
  if (!file.endsWith('.jsonl')) return [reportOf(parseJson(bytes), 1)]
  return linesIn(bytes)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => !line.every((byte) => byte <= SPACE))
    .slice(0, limit)
    .map(({ line, number }) => reportOnLine(line, number))
}

/** A fault names the line and, in it, the field. */
function reportOnLine(line: Uint8Array, number: number): StoryReport {
  try {
    return reportOf(parseJson(line), number)
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    const field = `line ${number}${error.field ? `, ${error.field}` : ''}`
    throw malformed(error.message, { field, cause: error })
  }
}

function reportOf(avid: Json, line: number): StoryReport {
  const report = readAvid(avid)
  const { reportId, vulnerabilityId } = report.identifiers as Record<string, string | undefined>
  const label = reportId ?? vulnerabilityId ?? `line ${line}`
  const title = report.title?.text || report.description?.text || label
  const isPublic = isAlreadyPublic(report)
  return {
    label,
    avid,
    isPublic,
    answers: {
      // The number keeps two filings of one record apart.
      title: `${clean(title).slice(0, TITLE_MAX)} [${label}, ${line}]`,
      whatHappened: clean(report.description?.text || title).slice(0, REPORT_TEXT_MAX / 4),
      isPublic: isPublic ? 'yes' : 'unknown',
      language: 'en',
    },
  }
}

/** A form carries no control characters but line ends. */
function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
}
