/**
 * `comity verify FILE [--policy FILE] [--key FILE] [--receipt FILE] [--tsa-roots FILE]
 * [--erasure FILE] [--json]`: checks a file that
 * Comity handed out, offline, and says beside each tick what it proves and what it
 * does not.
 *
 * Reads the named files and nothing else; writes nothing, runs nothing, asks no
 * network. Exit codes: 0 verified; 1 failed or unanchored; 2 unusable input.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { readRoots } from '../adapters/timestamps/pinned-roots.ts'
import { verifyTimeStampToken } from '../adapters/timestamps/time-stamp-token.ts'
import { parseJson } from '../base/canonical-json.ts'
import { ComityError, malformed } from '../base/errors.ts'
import { instant } from '../base/time.ts'
import { parsePolicy } from '../proof/policy.ts'
import { verifyErasedReceipt } from '../wire/erasure-statement.ts'
import { asHandOver, SEALED_FILE } from '../wire/hand-over-file.ts'
import type { VerifyTimeStamp } from '../wire/package/check-attestations.ts'
import { clockSentence } from '../wire/package/cover.ts'
import { plainJson, plainText } from '../wire/package/plain-text.ts'
import { readArchiveStream } from '../wire/package/read-archive.ts'
import type { Check, Failure, Report } from '../wire/package/report.ts'
import { RECEIPT_DOES_NOT_PROVE, RECEIPT_PROVES } from '../wire/package/sentences.ts'
import type { Archive } from '../wire/package/tar.ts'
import { isSealedPath, verifyPackage } from '../wire/package/verify-package.ts'
import { readOpening, type Trust, verifyFile, verifyHandOver } from '../wire/verify-file.ts'
import { verifyLogFolder } from '../wire/verify-log.ts'
import { logFolder } from './log-folder.ts'

const USAGE =
  'usage: comity verify FILE [--policy FILE] [--key FILE] [--receipt FILE] [--tsa-roots FILE] [--erasure FILE] [--json]'
const HELP = `${USAGE}

FILE      an evidence package; a hand-over package; the opening of an event, such as a release; a receipt
          (.tlog-proof) with its opening (.json) beside it; a reporter's receipt; the statement of an
          organisation that filed by name; a certificate of contribution; a finding of comity monitor;
          a folder with a whole log (checkpoint and tiles), or the export of a node's logs
          (comity export-log)
--policy  the logs and witnesses that you trust (C2SP tlog-policy); without it, nothing
          is proven and the verdict is \`unanchored\`
--key     for a reporter's receipt, a certificate or a closed log: the opening of the event that
          published the key
--receipt for the statement of who filed: the receipt of that filing
--tsa-roots
          the certificates (PEM) to which you trust time stamps to lead; without it, time
          stamps are listed as not checked
--erasure the statement of an erasure, as the authority hands it out: says beside an opening, or of a
          receipt whose content is gone, when it was erased and under which decision
--json    the report for machines

Exit codes: 0 verified, 1 failed or unanchored, 2 unusable input.
`
const FILE_SIZE_MAX = 256 * 1024 * 1024
const SMALL_FILE_SIZE_MAX = 1024 * 1024
/** The first path of each kind of package. */
const BEGINNINGS = { evidence: 'bag-info.txt\0', handOver: 'README.txt\0' } as const
const BEGINNING_BYTES = 16
/** One entry for each event of a case. */
const ERASURE_SIZE_MAX = 16 * 1024 * 1024
const RECEIPT_ENDING = '.tlog-proof'
const FAILURES_SHOWN = 10
const PROGRESS_ENTRIES = 250_000

export type VerifyOutput = { write(text: string): unknown }

export async function verifyCommand(
  args: readonly string[],
  stdout: VerifyOutput = process.stdout,
  stderr: VerifyOutput = process.stderr,
): Promise<number> {
  try {
    if (args.includes('--help')) {
      stdout.write(HELP)
      return 0
    }
    const { file, json, ...named } = optionsFrom(args)
    const report = await verifyNamed(file, named, progressOn(stderr))
    stdout.write(json ? `${plainJson(report)}\n` : textOf(report))
    return report.verdict === 'verified' ? 0 : 1
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    const field = error.field ? ` (${plainText(error.field)})` : ''
    stderr.write(`comity: ${plainText(error.message)}${field}\n`)
    return 2
  }
}

/** Says every now and then how far a large log is. */
function progressOn(stderr: VerifyOutput): Progress {
  let said = 0
  return (entries, ofEntries) => {
    if (entries < said) said = 0
    if (entries - said < PROGRESS_ENTRIES) return
    said = entries
    stderr.write(`… ${entries} of ${ofEntries} entries\n`)
  }
}

function optionsFrom(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        policy: { type: 'string' },
        key: { type: 'string' },
        receipt: { type: 'string' },
        'tsa-roots': { type: 'string' },
        erasure: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const [file, ...others] = positionals
    if (file === undefined || others.length > 0) throw new Error('one FILE is needed')
    const { policy, key, receipt, erasure, json, 'tsa-roots': tsaRoots } = values
    return { file, policy, key, receipt, erasure, tsaRoots, json }
  } catch (cause) {
    throw malformed(`${(cause as Error).message}; ${USAGE}`, { cause })
  }
}

type Named = {
  readonly receipt?: string | undefined
  readonly policy?: string | undefined
  readonly key?: string | undefined
  readonly tsaRoots?: string | undefined
  readonly erasure?: string | undefined
}

type Progress = (entries: number, ofEntries: number) => void

async function verifyNamed(file: string, named: Named, onProgress: Progress): Promise<Report> {
  const trust: Trust = {
    policy: named.policy
      ? parsePolicy(nodePrimitives, await readBounded(named.policy, SMALL_FILE_SIZE_MAX))
      : undefined,
    filing: named.receipt ? await readBounded(named.receipt, SMALL_FILE_SIZE_MAX) : undefined,
    erasure: named.erasure ? await readBounded(named.erasure, ERASURE_SIZE_MAX) : undefined,
    key: named.key
      ? readOpening(parseJson(await readBounded(named.key, SMALL_FILE_SIZE_MAX), named.key))
      : undefined,
    verifyTimeStamp: named.tsaRoots ? timeStampVerifier(named.tsaRoots) : undefined,
  }
  if ((await stat(file).catch(() => undefined))?.isDirectory()) {
    const { policy, key, verifyTimeStamp } = trust
    const copy = logFolder(file)
    return verifyLogFolder(nodePrimitives, copy, { policy, key, verifyTimeStamp, onProgress })
  }
  const large = await kindOfLarge(file)
  if (large === 'evidence') {
    const { policy } = trust
    return verifyPackage(nodePrimitives, await readLargePackage(file), policy, trust)
  }
  if (large === 'handOver') {
    const handOver = asHandOver(await readLarge(file, (path) => path === SEALED_FILE))
    if (!handOver) throw malformed('the file is of no known kind', { field: file })
    return verifyHandOver(nodePrimitives, handOver, trust)
  }
  if (!file.endsWith(RECEIPT_ENDING)) {
    return verifyFile(nodePrimitives, await readBounded(file, FILE_SIZE_MAX), trust)
  }
  const opening = `${file.slice(0, -RECEIPT_ENDING.length)}.json`
  if (!existsSync(opening) && trust.erasure) {
    const receipt = await readBounded(file, SMALL_FILE_SIZE_MAX)
    return verifyErasedReceipt(nodePrimitives, receipt, trust.erasure, trust.policy)
  }
  if (!existsSync(opening)) {
    throw malformed(
      'a receipt is checked with the opening of its event beside it, or with the statement of its erasure (--erasure)',
      {
        field: opening,
      },
    )
  }
  const receipt = await readBounded(file, SMALL_FILE_SIZE_MAX)
  const bytes = await readBounded(opening, SMALL_FILE_SIZE_MAX)
  return verifyFile(nodePrimitives, bytes, { ...trust, receipt })
}

/** Only a package with sealed files is larger than what is read whole; it is told by its first path. */
async function kindOfLarge(file: string): Promise<keyof typeof BEGINNINGS | undefined> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile() || found.size <= FILE_SIZE_MAX) return undefined
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0)
    const begins = buffer.toString('latin1')
    if (begins.startsWith(BEGINNINGS.evidence)) return 'evidence'
    return begins.startsWith(BEGINNINGS.handOver) ? 'handOver' : undefined
  } finally {
    await handle.close()
  }
}

/** What was read, or what was wrong with it, for the report to say. */
async function readLargePackage(file: string): Promise<() => Archive> {
  try {
    const archive = await readLarge(file, isSealedPath)
    return () => archive
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return () => {
      throw error
    }
  }
}

function readLarge(file: string, isSealed: (path: string) => boolean): Promise<Archive> {
  const reading = { newHash: pieceHash, isSealed, keptBytesMax: FILE_SIZE_MAX }
  return readArchiveStream(createReadStream(file), reading)
}

function pieceHash() {
  const hash = createHash('sha256')
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => hash.digest('hex'),
  }
}

/** Kept tokens of any time: what is asked is whether the authority signed this digest, and when. */
function timeStampVerifier(file: string): VerifyTimeStamp {
  const roots = readRoots(file)
  const notBefore = instant('1999-01-01T00:00:00.000Z')
  const notAfter = instant('9999-01-01T00:00:00.000Z')
  return (token, digest) => verifyTimeStampToken(token, { digest, roots, notBefore, notAfter })
}

/** @throws ComityError `malformed` if it is no plain file, too large, or cannot be read */
async function readBounded(file: string, sizeMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const refused = (reason: string, cause?: unknown) =>
    malformed(`the file ${reason}`, { field: file, ...(cause ? { cause } : {}) })
  try {
    const found = await stat(file)
    // Before it is opened: opening a pipe would wait for somebody to write.
    if (!found.isFile()) throw refused('is not a plain file')
    if (found.size > sizeMax) throw refused(`is larger than ${sizeMax} bytes`)
    const { buffer, byteOffset, length } = await readFile(file)
    return new Uint8Array(buffer, byteOffset, length)
  } catch (cause) {
    throw cause instanceof ComityError ? cause : refused('cannot be read', cause)
  }
}

function textOf(report: Report): string {
  const lines = [
    ...report.about.map(([label, value]) => `${label}: ${value}`),
    ...(report.clock
      ? [clockSentence(report.clock.simulatedClock, report.clock.clockOffsetMs)]
      : []),
    '',
    ...report.checks.flatMap(checkLines),
    'What a verified receipt means:',
    `  ${RECEIPT_PROVES}`,
    `  ${RECEIPT_DOES_NOT_PROVE}`,
    '',
    verdictLine(report),
  ]
  return lines.map((line) => `${plainText(line, 2000)}\n`).join('')
}

function checkLines({ ok, title, detail, proves, doesNotProve, failures }: Check): string[] {
  if (!ok) {
    const shown = failures.slice(0, FAILURES_SHOWN).map((failure) => `    ${failureLine(failure)}`)
    const more = failures.length - shown.length
    return [
      `\u2717 ${title}: failed`,
      ...shown,
      ...(more > 0 ? [`    and ${more} more`] : []),
      `    It would prove: ${proves}`,
      '',
    ]
  }
  return [
    `\u2713 ${title}: ${detail}`,
    `    Proves: ${proves}`,
    `    Does not prove: ${doesNotProve}`,
    '',
  ]
}

function failureLine({ file, version, message }: Failure): string {
  return `${file}${version === undefined ? '' : `, event ${version}`}: ${message}`
}

function verdictLine({ verdict, checks }: Report): string {
  if (verdict === 'verified') return 'verdict: verified'
  const [first] = checks.flatMap(({ failures }) => failures)
  const why = first ? failureLine(first) : 'nothing was checked'
  if (verdict === 'failed') return `verdict: failed: ${why}`
  return `verdict: unanchored (failed): ${why}`
}
