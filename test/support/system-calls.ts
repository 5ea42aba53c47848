/**
 * Runs a program of Node under strace, once to see which system calls touch a folder, then
 * with one of them failing or killing. strace counts calls for each thread, so file calls
 * go through two alone: the main one and one more.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

export type FileCall = {
  readonly name: string
  readonly path: string
  /** Which of a thread's calls of this name on this path, from 1. */
  readonly ordinal: number
}

export type Traced = {
  readonly out: string
  readonly signal: NodeJS.Signals | null
  readonly calls: readonly FileCall[]
  readonly isInjected: boolean
}

const WATCHED = [
  'openat',
  'mkdir',
  'mkdirat',
  'rename',
  'renameat',
  'renameat2',
  'fsync',
  'fdatasync',
  'close',
  'read',
  'pread64',
  'write',
  'pwrite64',
  'ftruncate',
  'statx',
  'getdents64',
]
const LIMIT_MS = 30_000

/** Why system calls cannot be made to fail here; undefined: they can. */
export function whyNoTracing(): string | undefined {
  const { error, status } = spawnSync('strace', ['-f', '-e', 'trace=none', 'true'])
  if (error) return 'strace is not installed'
  return status === 0 ? undefined : 'strace may not trace here'
}

export type Injection = { readonly call: FileCall; readonly effect: string }

/** @param args a program of Node and its arguments @param folder whose calls are listed */
export async function traced(
  args: readonly string[],
  folder: string,
  injection?: Injection,
): Promise<Traced> {
  const output = join(temporaryFolder(), 'trace')
  const child = spawn(
    'strace',
    ['-f', '-y', '-o', output, '-e', `trace=${WATCHED.join()}`, ...injected(injection)].concat(
      process.execPath,
      args,
    ),
    {
      env: { ...process.env, UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    },
  )
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  const lines = (await readFile(output, 'utf8')).split('\n')
  return {
    out,
    signal,
    calls: callsIn(lines, folder),
    isInjected: lines.some((line) => /INJECTED|killed by SIGKILL/.test(line)),
  }
}

function injected(injection: Injection | undefined): string[] {
  if (injection === undefined) return []
  const { call, effect } = injection
  return ['-P', call.path, '-e', `inject=${call.name}:${effect}:when=${call.ordinal}`]
}

function callsIn(lines: readonly string[], folder: string): FileCall[] {
  const seen = new Map<string, number>()
  const listed = new Set<string>()
  return lines.flatMap((line) => {
    const [, thread, name] = /^(\d+) +(\w+)\(/.exec(line) ?? []
    const path = /["<]([^"<>]*)[">]/g
    const paths = [...line.matchAll(path)].map(([, found = '']) => found)
    const own = paths.find((each) => each === folder || each.startsWith(`${folder}/`))
    if (name === undefined || own === undefined) return []
    const counted = `${thread} ${name} ${own}`
    const ordinal = (seen.get(counted) ?? 0) + 1
    seen.set(counted, ordinal)
    const call = `${name} ${ordinal} ${own}`
    if (listed.has(call)) return []
    listed.add(call)
    return [{ name, path: own, ordinal }]
  })
}
