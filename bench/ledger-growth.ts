/** What the growth of a log gives as lines: `programs/grow-log.ts` measures it. */
import { type Measured, megabytes, milliseconds, percentile, spread } from './measured.ts'
import type { Grown, Spent, Stage } from './programs/grow-log.ts'

const IMPORT_GOAL_PER_S = 50_000
const PROOF_GOAL_MS = 1
const VERIFY_GOAL_PER_S = 150_000

export function growthLines({ stages, verified }: Grown): readonly Measured[] {
  const last = stages.at(-1)
  if (!last) return []
  return [...importLines(last), ...proofLines(last), verifyLine(verified), ...stages.map(stageLine)]
}

function importLines({ size, accepted, signed }: Stage): readonly Measured[] {
  const both = perSecond(add(accepted, signed))
  const taken = perSecond(signed)
  return [
    {
      what: `batch import to ${count(size)} entries: waiting entries taken into a published checkpoint (numbered, hashed twice, tiles durable, signed)`,
      figure: `${count(taken)} entries/s`,
      goal: {
        text: `≥ ${count(IMPORT_GOAL_PER_S)}/s`,
        isMet: taken >= IMPORT_GOAL_PER_S,
        limit:
          'The log hashes, the database hashes the same again for the second look, numbers and writes, all on two cores. Next: hashing on a thread of its own, where there is a core for it.',
      },
      beside: processorTime(signed),
    },
    {
      what: 'the same with their acceptance before it (made, hashed, kept durably, 4,096 a commit), one after the other',
      figure: `${count(both)} entries/s`,
      beside: processorTime(accepted),
    },
  ]
}

const PROOF_LIMIT =
  'A tile that was not read before is hashed whole, 255 SHA-256 one after the other. Next: keep the inner hashes of full tiles on the disk beside them.'

function proofLines({ size, coldMs, warmMs, receiptMs }: Stage): readonly Measured[] {
  const line = (what: string, laps: readonly number[]): Measured => {
    const p99 = percentile(laps, 0.99)
    const goal = {
      text: `p99 ≤ ${PROOF_GOAL_MS} ms`,
      isMet: p99 <= PROOF_GOAL_MS,
      limit: PROOF_LIMIT,
    }
    return { what, figure: spread(laps, 0.99), goal }
  }
  return [
    line(
      `inclusion proof from tiles, log of ${count(size)}, its tile read for the first time, after 50 proofs of others`,
      coldMs,
    ),
    line('the same, its tiles kept', warmMs),
    {
      what: 'the receipt of an entry, with what the database is asked for it',
      figure: spread(receiptMs, 0.99),
    },
  ]
}

function verifyLine(verified: Spent): Measured {
  const { entries, ms, processorMs } = verified
  const perCore = Math.round((entries * 1000) / processorMs)
  return {
    what: `verification of all ${count(entries)} entries: bundles, leaves, every tile, root, signature`,
    figure: `${count(perCore)} entries/s of processor time (${milliseconds(ms)} in all)`,
    goal: { text: `≥ ${count(VERIFY_GOAL_PER_S)}/s a core`, isMet: perCore >= VERIFY_GOAL_PER_S },
    beside: 'two SHA-256 an entry',
  }
}

function stageLine({ size, accepted, signed, startMs, ...stage }: Stage): Measured {
  return {
    what: `log grown to ${count(size)} entries`,
    figure: [
      `accepted ${count(perSecond(accepted))}/s, signed ${count(perSecond(signed))}/s`,
      `start ${milliseconds(startMs)}`,
      `database ${Math.round(stage.databaseBytes / size)} bytes an entry`,
      `memory ${megabytes(stage.residentBytes)} (peak ${megabytes(stage.peakBytes)})`,
    ].join('; '),
    beside: `${processorTime(accepted)} to accept, ${processorTime(signed)} to sign`,
  }
}

const perSecond = ({ entries, ms }: Spent) => Math.round((entries * 1000) / ms)

const add = (a: Spent, b: Spent): Spent => ({
  entries: a.entries,
  ms: a.ms + b.ms,
  processorMs: a.processorMs + b.processorMs,
})

const processorTime = ({ entries, processorMs }: Spent) =>
  `${((processorMs * 1000) / entries).toFixed(1)} µs of processor time an entry without the database`

const count = (value: number) => value.toLocaleString('en')
