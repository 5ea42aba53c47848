/** `comity eval avid`: an AVID record rebuilt from case events, without the original at hand. */
import type { Json } from '../../base/canonical-json.ts'
import { invariant } from '../../base/errors.ts'
import { instantFromMs } from '../../base/time.ts'
import type { Acting, Recorded } from '../../core/case/recorded.ts'
import {
  admitReport,
  foldTriage,
  initialTriage,
  type TriageEvent,
} from '../../core/triage/triage.ts'
import { lostMembers, readAvid, writeAvid } from '../../wire/avid.ts'

const acting: Acting = {
  officer: 'eval',
  roles: ['caseOfficer'],
  authority: 'eval.example',
  now: instantFromMs(0),
}

/**
 * A report or a vulnerability → `{"record": …, "lost": […]}`, where `lost` holds a
 * JSON pointer for each member that the rebuilt record lacks or has otherwise.
 *
 * @throws ComityError `malformed` with the pointer and the reason
 */
export function evalAvid(input: Json): Json {
  const record = rebuilt(streamOf(input))
  return { record, lost: lostMembers(input, record) }
}

/** The case's events as text, as a database would hold them. */
function streamOf(input: Json): string {
  const decision = admitReport(initialTriage, { report: readAvid(input) }, acting)
  invariant(decision.decision === 'permit', 'an empty case admits a report')
  return JSON.stringify(decision.value)
}

function rebuilt(stream: string): Json {
  const events = JSON.parse(stream) as readonly TriageEvent[]
  const state = events
    .map((event, index): Recorded<TriageEvent> => {
      return { event, version: index + 1, at: acting.now, by: acting.officer }
    })
    .reduce(foldTriage, initialTriage)
  invariant(state.report, 'a case that admitted a report has it')
  return writeAvid(state.report)
}
