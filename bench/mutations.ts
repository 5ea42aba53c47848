/**
 * Detection: more than ten thousand seeded changes of genuine traffic between two nodes at
 * a receiver that stands where each belongs. Detected is what had no effect, left the state
 * as it was and was named. What changes nothing that is read is counted apart.
 */
import { withPair } from '../test/support/exchange-pair.ts'
import { mutateAnswers, mutateHeads } from '../test/support/mutated-answers.ts'
import { mutateRequests } from '../test/support/mutated-requests.ts'
import { newTally } from '../test/support/mutated-traffic.ts'
import { seededRandom } from '../test/support/seeded-random.ts'
import { loadText } from './machine.ts'
import { type Measured, milliseconds, type Section } from './measured.ts'

const SEED = 20_261_123
const SETS = [
  { mutate: mutateRequests, count: 7000 },
  { mutate: mutateAnswers, count: 2600 },
  { mutate: mutateHeads, count: 900 },
]
const GOAL = 10_000
const NAMED_MOST = 400

export async function measureMutations({
  tell,
}: {
  readonly tell: (text: string) => void
}): Promise<readonly Section[]> {
  const tally = newTally()
  const before = loadText()
  const started = performance.now()
  for (const { mutate, count } of SETS) {
    tell(`${mutate.name}: ${count}`)
    await withPair((pair) => mutate(pair, seededRandom(SEED), { count, tally }))
  }
  const harmless = [...tally.harmless].map(([what, count]) => `${count} × ${what}`)
  const unread = [...tally.harmless.values()].reduce((sum, count) => sum + count, 0)
  const made = tally.total - unread
  const share = ((tally.detected / made) * 100).toFixed(tally.detected === made ? 0 : 3)
  const isMet = tally.detected === made && made >= GOAL
  const lines: Measured[] = [
    { what: 'load average before', figure: before },
    {
      what: `traffic altered, replayed, reordered, omitted or equivocated (seed ${SEED}), ${new Set([...tally.by.keys()].map((key) => key.split(':')[0])).size} kinds`,
      figure: `${tally.detected.toLocaleString('en')} of ${made.toLocaleString('en')} detected (${share} %) in ${milliseconds(performance.now() - started)}`,
      goal: { text: `100 % of ≥ ${GOAL.toLocaleString('en')}`, isMet },
      beside: `named by ${new Set([...tally.by.keys()].map((key) => key.split(': ')[1])).size} codes; missed: ${tally.missed.slice(0, 5).join('; ').slice(0, NAMED_MOST) || 'none'}`,
    },
    {
      what: 'changes of what no signature covers and nobody reads, and genuine traffic afterwards',
      figure: `${unread} taken as if they had not been made`,
      beside: harmless.join('; '),
    },
  ]
  return [{ title: 'Detection in the exchange', lines }]
}
