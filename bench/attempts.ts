/**
 * 100,000 random attempts at a release, each put to the decision with its policy engine
 * and to a slow, obviously right model of the same rules (test/support/release-model.ts).
 *
 *   node bench/attempts.ts [--attempts 100000] [--seed 5]    prints, and writes no file
 *
 * `npm test` makes a part of them, and walks 120,000 acts beside the model of access
 * (test/access). The seed is of the day unless one is given, and is in the result.
 */
import { parseArgs } from 'node:util'
import { attemptReleases } from '../test/support/release-attempts.ts'
import { type Measured, type Section, table } from './measured.ts'

const ATTEMPTS = 100_000

export function measureAttempts({ attempts = ATTEMPTS, seed = ofToday() } = {}): Section {
  const started = performance.now()
  const found = attemptReleases(seed, attempts)
  const seconds = Math.round((performance.now() - started) / 1000)
  for (const told of found.disagreements) process.stderr.write(`${told}\n`)
  const agreed = found.attempts - found.disagreements.length
  const share = `${((agreed / found.attempts) * 100).toFixed(agreed === found.attempts ? 0 : 4)} %`
  const line: Measured = {
    what: `random attempts at a release beside a slow model of the rules (seed ${seed})`,
    figure: `${agreed.toLocaleString('en')} of ${found.attempts.toLocaleString('en')} agree: ${share}; ${found.permitted.toLocaleString('en')} permitted, ${found.reasons.size} reasons met`,
    goal: {
      text: `100 % of ≥ ${ATTEMPTS.toLocaleString('en')}`,
      isMet: agreed === found.attempts && found.attempts >= ATTEMPTS,
    },
    beside: `${seconds} s`,
  }
  return { title: 'Attempts beside a model', lines: [line] }
}

function ofToday(): number {
  return Math.floor(Date.now() / 86_400_000)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { attempts: { type: 'string' }, seed: { type: 'string' } },
  })
  const section = measureAttempts({
    ...(values.attempts ? { attempts: Number(values.attempts) } : {}),
    ...(values.seed ? { seed: Number(values.seed) } : {}),
  })
  process.stdout.write(`${table(section)}\n`)
}
