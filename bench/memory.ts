/** The memory of the processes of one start. */
import type { Limits } from './machine.ts'
import { atMost, type Measured, megabytes } from './measured.ts'
import { descendantsOf, memoryOf, ownShareOf } from './processes.ts'

const MEMORY_GOAL_MB = 300

export function memoryLines(
  pids: readonly { readonly name: string; readonly pid: number }[],
  when: string,
  { emptyNodeBytes }: Limits,
): Measured[] {
  const lines = pids.map(({ name, pid }): Measured => {
    const memory = memoryOf(pid)
    if (!memory) return { what: `${name} ${when}`, figure: 'not readable here' }
    const { residentBytes, peakBytes } = memory
    const isNode = name !== 'supervisor' && !name.startsWith('witness')
    return {
      what: `${name} ${when}`,
      figure: `${megabytes(residentBytes)} (peak ${megabytes(peakBytes)})`,
      ...(isNode ? { goal: atMost(MEMORY_GOAL_MB, residentBytes / 1_000_000, 'MB') } : {}),
      beside: `an empty Node process ${megabytes(emptyNodeBytes)}`,
    }
  })
  const supervisor = pids.find(({ name }) => name === 'supervisor')?.pid ?? 0
  const servers = descendantsOf(supervisor).filter(({ command }) =>
    /postgres/.test(command[0] ?? ''),
  )
  const shares = servers.reduce((sum, { pid }) => sum + ownShareOf(pid), 0)
  const figure = `${megabytes(shares)} in ${servers.length} processes`
  return [...lines, { what: `PostgreSQL ${when}, shared pages counted once`, figure }]
}
