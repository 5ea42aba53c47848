/**
 * What the monitor of this node finds about logs of peers goes on record: an event of the
 * oversight stream, by the node, so that its commitment is in our own log. Each thing once.
 */
import { textFromUtf8 } from '../../base/bytes.ts'
import { invariant } from '../../base/errors.ts'
import type { OversightEvent, RecordedLogFinding } from '../../core/oversight/oversight.ts'
import {
  type FindingName,
  findingBytes,
  isConvicting,
  isKnownFinding,
  type LogFinding,
  marksOf,
} from '../../wire/monitor/finding.ts'
import type { Kernel } from '../kernel.ts'
import { foldOversightStream } from './oversight-act.ts'

type Recording = Pick<Kernel, 'node' | 'primitives' | 'random' | 'streams' | 'oversightStreamId'>

/** @returns false if it was on record already */
export function recordLogFinding(
  kernel: Recording,
  peer: string,
  found: LogFinding,
): Promise<boolean> {
  const { origin, finding, foundAt } = found
  const marks = marksOf(kernel.primitives, found)
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.oversightStreamId)
    invariant(stream, 'every node has an oversight stream')
    const known = foldOversightStream(stream.history).logFindings.map(asKnown)
    if (isKnownFinding(known, { origin, finding, marks })) return false
    const event: OversightEvent = {
      type: 'logFindingRecorded',
      findingId: kernel.random.uuid(),
      ...{ node: peer, origin, finding, foundAt, marks },
      convicts: isConvicting(found),
      evidence: textFromUtf8(findingBytes(found)),
    }
    await stream.append([event], kernel.node.id)
    return true
  })
}

function asKnown({ origin, finding, marks }: RecordedLogFinding) {
  return { origin, finding: finding as FindingName, marks }
}
