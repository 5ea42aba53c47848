/** The form of an entry in the log of a node: `protocol/spec/log.md`, "Entries". */
import { isInstant } from '../base/time.ts'

const HASH = '[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]='
const TAG = '[A-Za-z0-9+/]{21}[AQgw]=='
const DIGEST = '[0-9a-f]{64}'
const listOf = (item: string) => `\\[("${item}"(?:,"${item}")*)\\]`
/** Canonical JSON of exactly these members has one spelling, so that a pattern can tell it. */
const ENTRY = new RegExp(
  [
    `^\\{"at":"(\\d{4}-\\d{2}-\\d{2}T\\d{2})Z"`,
    `,"commitment":"${HASH}"`,
    `(?:,"scripts":${listOf(DIGEST)}(?=.*,"tags":))?`,
    `,"tag":"${TAG}"`,
    `(?:,"tags":${listOf(HASH)})?`,
    `,"v":1\\}$`,
  ].join(''),
)

/** What is wrong with entries, one after the other; undefined: nothing. */
export function entryFormCheck(): (entry: Uint8Array) => string | undefined {
  const decoder = new TextDecoder('latin1')
  let lastHour = ''
  return (entry) => {
    const match = ENTRY.exec(decoder.decode(entry))
    if (!match) return 'it has not the form of an entry'
    const [, hour = '', scripts, tags] = match
    if (hour !== lastHour && !isInstant(`${hour}:00:00.000Z`)) return 'its hour is none'
    lastHour = hour
    if (!isSorted(scripts)) return 'its scripts are not sorted'
    return isSorted(tags) ? undefined : 'its tags are not sorted'
  }
}

function isSorted(list = ''): boolean {
  const all = list.split(',')
  return all.every((item, at) => at === 0 || (all[at - 1] ?? '') <= item)
}
