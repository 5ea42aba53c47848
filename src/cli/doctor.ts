/** `comity doctor --config FILE`: what is wrong with a node, and how to mend it. */
import { parseArgs } from 'node:util'
import { examine, type Named } from '../node/doctor/doctor.ts'

const USAGE = `usage: comity doctor --config FILE [--json]
Looks a node over, whether it runs or not. Changes nothing.

Exit codes: 0 all is well, 1 something is wrong, 2 wrong usage, 3 there are warnings only.
`
const MARKS = { well: '\u2713', warning: '!', wrong: '\u2717' } as const

export async function doctorCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || values.config === undefined) {
    process.stderr.write(USAGE)
    return values.help ? 0 : 2
  }
  const findings = await examine(values.config, Date.now())
  process.stdout.write(values.json ? `${JSON.stringify({ findings })}\n` : textOf(findings))
  if (findings.some(({ state }) => state === 'wrong')) return 1
  return findings.some(({ state }) => state === 'warning') ? 3 : 0
}

function textOf(findings: readonly Named[]): string {
  const lines = findings.map(({ check, state, says, mend }) => {
    const advice = mend === undefined ? '' : `    → ${mend}\n`
    return `${MARKS[state]} ${check}: ${says}\n${advice}`
  })
  const count = (state: Named['state']) => findings.filter((one) => one.state === state).length
  return `${lines.join('')}\n${count('wrong')} wrong, ${count('warning')} warnings\n`
}
