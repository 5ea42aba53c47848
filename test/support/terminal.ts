/**
 * A program at a pseudo terminal, as a person sits before it: `script` of util-linux
 * makes one. Answers are typed when their question has been printed.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** Why there is none, or `false`. */
export const NO_TERMINAL: string | false =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
    ? false
    : 'there is no script of util-linux here, which makes pseudo terminals'

export type Turn = {
  /** Printed after the last answer. */
  readonly sees: RegExp
  readonly types: string
}

export type Talk = { readonly code: number | null; readonly screen: string; readonly left: number }

const WITHIN_MS = 60_000

/** `left`: how many turns were not reached. What `screen` holds is all that was shown. */
export async function atTerminal(
  command: readonly string[],
  turns: readonly Turn[],
): Promise<Talk> {
  const quoted = command.map((one) => `'${one.replaceAll("'", "'\\''")}'`).join(' ')
  const child = spawn(
    'script',
    ['--quiet', '--return', '--flush', '-c', `exec ${quoted}`, '/dev/null'],
    {
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'dumb' },
    },
  )
  const waiting = [...turns]
  let screen = ''
  let from = 0
  child.stdout.setEncoding('utf8').on('data', (bytes) => {
    screen += String(bytes).replaceAll('\r', '')
    for (let turn = waiting[0]; turn?.sees.test(screen.slice(from)); turn = waiting[0]) {
      waiting.shift()
      from = screen.length
      child.stdin.write(turn.types)
    }
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  return { code, screen, left: waiting.length }
}
