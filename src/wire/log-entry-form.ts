/** The form of an entry in the log of a node: `protocol/spec/log.md`, "Entries". */
import { isInstant } from '../base/time.ts'

const HASH = '[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]='
const TAG = '[A-Za-z0-9+/]{21}[AQgw]=='
/** Canonical JSON of exactly these members has one spelling, so that a pattern can tell it. */
const ENTRY = new RegExp(
  `^\\{"at":"(\\d{4}-\\d{2}-\\d{2}T\\d{2})Z","commitment":"(${HASH})","tag":"${TAG}"(?:,"tags":\\[("${HASH}"(?:,"${HASH}")*)\\])?,"v":1\\}$`,
)

/** What is wrong with entries, one after the other; undefined: nothing. */
export function entryFormCheck(): (entry: Uint8Array) => string | undefined {
  const decoder = new TextDecoder('latin1')
  let lastHour = ''
  return (entry) => {
    const match = ENTRY.exec(decoder.decode(entry))
    if (!match) return 'it has not the form of an entry'
    const [, hour = '', , tags] = match
    if (hour !== lastHour && !isInstant(`${hour}:00:00.000Z`)) return 'its hour is none'
    lastHour = hour
    return tags !== undefined && !isSorted(tags) ? 'its tags are not sorted' : undefined
  }
}

function isSorted(tags: string): boolean {
  const all = tags.split(',')
  return all.every((tag, at) => at === 0 || (all[at - 1] ?? '') <= tag)
}
