/**
 * The machine, and what it can do at best: measured in the same run, so that a
 * figure can be judged on another machine and on a busy one.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { type Measured, megabytes, milliseconds, percentile, type Section } from './measured.ts'
import { memoryOf } from './processes.ts'

export type Limits = {
  readonly emptyNodeMs: number
  readonly emptyNodeBytes: number
  readonly flushMs: readonly number[]
}

export function machineFacts(): readonly string[] {
  const [cpu] = cpus()
  const { version, arch, platform } = process
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${megabytes(totalmem())} memory, ${platform} ${release()} ${arch}`,
    `Node ${version}, V8 ${process.versions.v8}, OpenSSL ${process.versions.openssl}`,
    `load average at the start ${loadText()} (a quiet machine has less than 0.3)`,
  ]
}

export function loadText(): string {
  return loadavg()
    .map((value) => value.toFixed(2))
    .join(' ')
}

export async function measureLimits(): Promise<Limits> {
  return { ...(await emptyNode()), flushMs: flushes() }
}

export function limitsSection({ emptyNodeMs, emptyNodeBytes, flushMs }: Limits): Section {
  const lines: Measured[] = [
    { what: 'an empty Node process: start to end', figure: milliseconds(emptyNodeMs) },
    { what: 'an empty Node process: resident memory', figure: megabytes(emptyNodeBytes) },
    {
      what: 'a durable append of 300 bytes (`fdatasync`)',
      figure: `p50 ${milliseconds(percentile(flushMs, 0.5))}, p99 ${milliseconds(percentile(flushMs, 0.99))}`,
    },
    { what: 'SHA-256 of 8 KiB on one core', figure: `${perSecond(hash8k)} per second` },
    { what: 'Ed25519 signatures on one core', figure: `${perSecond(signer())} per second` },
    { what: 'Ed25519 verifications on one core', figure: `${perSecond(verifier())} per second` },
  ]
  return { title: 'The machine at its best', lines }
}

/** One row a transaction, one connection: what no act can be faster than. */
export async function durableCommits(databaseUrl: string, count = 200): Promise<number[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('create table if not exists bench_row (n int, text text)')
    const laps: number[] = []
    for (let n = 0; n < count; n++) {
      const started = performance.now()
      await client.query('insert into bench_row values ($1, $2)', [n, 'x'.repeat(300)])
      laps.push(performance.now() - started)
    }
    await client.query('drop table bench_row')
    return laps
  } finally {
    await client.end()
  }
}

async function emptyNode(): Promise<Pick<Limits, 'emptyNodeMs' | 'emptyNodeBytes'>> {
  const laps = [1, 2, 3].map(() => {
    const started = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - started
  })
  const idle = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await new Promise((resolve) => setTimeout(resolve, 500))
  const emptyNodeBytes = memoryOf(idle.pid ?? 0)?.residentBytes ?? Number.NaN
  idle.kill('SIGKILL')
  return { emptyNodeMs: Math.min(...laps), emptyNodeBytes }
}

function flushes(): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'comity-flush-'))
  const file = openSync(join(folder, 'file'), 'a')
  try {
    return Array.from({ length: 300 }, () => {
      const started = performance.now()
      writeSync(file, Buffer.alloc(300, 1))
      fdatasyncSync(file)
      return performance.now() - started
    })
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true })
  }
}

const WORK_MS = 300

function perSecond(work: () => void): string {
  const until = performance.now() + WORK_MS
  let count = 0
  while (performance.now() < until) {
    work()
    count += 1
  }
  return Math.round((count * 1000) / WORK_MS).toLocaleString('en')
}

const block = Buffer.alloc(8192, 7)

function hash8k(): void {
  createHash('sha256').update(block).digest()
}

function signer(): () => void {
  const { privateKey } = generateKeyPairSync('ed25519')
  return () => void sign(null, block.subarray(0, 100), privateKey)
}

function verifier(): () => void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const message = block.subarray(0, 100)
  const signature = sign(null, message, privateKey)
  return () => void verify(null, message, publicKey, signature)
}
