/**
 * Verifies a node export: every log of a node, one after the other, with the documents
 * by which the node published its keys, and its signature over the rest.
 *
 * A log that the reader's policy does not list counts if the log before it was closed by
 * a notice that names it, signed with a key that the node had published by then.
 */
import { type Bytes, equalBytes, fromBase64 } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import { parseEntryBundle } from '../proof/entry-bundle.ts'
import { CHECKPOINT } from '../proof/log-faults.ts'
import { type Policy, parsePolicy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import { verifyWitnessedHead } from '../proof/receipt.ts'
import { knownSignatures, type SignedNote } from '../proof/signed-note.ts'
import { tilePath } from '../proof/tile-path.ts'
import { tileWidth } from '../proof/tiles.ts'
import { entryCommitment } from './event-commitment.ts'
import { logOriginOf } from './event-opening.ts'
import { readSignedDocument, type SignedNodeDocument } from './exchange/node-document.ts'
import { DOMAIN, verifyValue } from './exchange/signed.ts'
import type { MessageKey } from './http-signature.ts'
import { type CheckedLog, checkLogCopy, type LogTrust } from './log-copy.ts'
import { type LogCopy, NOTICE } from './log-copy-file.ts'
import { ExportedDocuments } from './log-export-documents.ts'
import { EXPORT, LOST_TEXT, logPath, README, verifyExportSignature } from './log-export-files.ts'
import { manifestFaults } from './package/bag.ts'
import { type Checking, type Report, ReportWriter } from './package/report.ts'
import type { Files } from './package/tar.ts'
import { anchor } from './verify-filing.ts'

export type ExportCopy = {
  /** Every file that is in no folder of a log. */
  readonly files: Files
  /** The log of each folder below `ledger/`, by its number. */
  readonly logs: ReadonlyMap<number, LogCopy>
}

/** @throws ComityError `malformed` if it is no export at all; else all is in the report */
export async function verifyLogExport(
  primitives: Primitives,
  copy: ExportCopy,
  trust: Omit<LogTrust, 'messageKeys'>,
): Promise<Report> {
  const run = new ExportRun(primitives, copy, trust)
  for (let ordinal = 1; ordinal <= Math.max(1, ...copy.logs.keys()); ordinal++) {
    await run.log(ordinal)
  }
  return run.finish()
}

/** Of one log: what was learnt, or that nothing of it is left. */
type Outcome = {
  readonly ordinal: number
  readonly checked: CheckedLog | undefined
  readonly isLost: boolean
  readonly notice: Bytes | undefined
  /** What entry 0 commits to. */
  readonly firstCommitment: Uint8Array | undefined
}

class ExportRun {
  readonly #primitives: Primitives
  readonly #copy: ExportCopy
  readonly #trust: LogTrust
  readonly #report = new ReportWriter('log-export')
  readonly #signed: SignedNodeDocument
  /** By which every line of a checkpoint in the export is known. */
  readonly #own: Policy
  readonly #documents: ExportedDocuments
  readonly #outcomes: Outcome[] = []
  /** In the folders of logs, and in the manifest. */
  readonly #listed = new Map<string, Bytes>()
  #policy: Policy

  constructor(primitives: Primitives, copy: ExportCopy, trust: LogTrust) {
    this.#primitives = primitives
    this.#copy = copy
    this.#trust = trust
    this.#signed = readSignedDocument(this.#file(EXPORT.document))
    this.#own = parsePolicy(primitives, this.#file(EXPORT.policy))
    this.#policy = trust.policy ?? this.#own
    this.#documents = new ExportedDocuments(primitives, copy.files, this.#node)
    this.#report.about('node', this.#node)
    this.#report.about('logs', String(copy.logs.size))
    anchor(this.#report, trust.policy)
  }

  get #node(): string {
    return this.#signed.document.node
  }

  get #keys(): readonly MessageKey[] {
    return this.#documents.keys
  }

  async log(ordinal: number): Promise<void> {
    const copy = this.#copy.logs.get(ordinal)
    const lost = await this.#small(copy, ordinal, EXPORT.lost)
    const notice = await this.#small(copy, ordinal, NOTICE)
    this.#follow()
    this.#documents.take(this.#policy, logOriginOf(this.#node, ordinal))
    const isLost = lost !== undefined && equalBytes(lost, LOST_TEXT)
    const checked = copy && !lost ? await this.#check(copy, ordinal) : undefined
    if (copy && checked) await this.#documents.compare(copy, checked.checkpoint, this.#policy)
    const size = checked?.checkpoint.treeSize ?? 0
    const firstCommitment = copy && size > 0 ? await firstCommitmentOf(copy, size) : undefined
    this.#outcomes.push({ ordinal, checked, isLost, notice, firstCommitment })
  }

  finish(): Report {
    this.#report.check('logSuccession', (checking) => this.#succession(checking))
    this.#report.check('nodeDocuments', (checking) => this.#nodeDocuments(checking))
    this.#report.check('exportFiles', (checking) => this.#files(checking))
    return this.#report.finish()
  }

  #check(copy: LogCopy, ordinal: number): Promise<CheckedLog | undefined> {
    const trust = { ...this.#trust, policy: this.#policy, messageKeys: this.#keys }
    return checkLogCopy(this.#primitives, this.#report, copy, trust, {
      prefix: logPath(ordinal),
      needsBundles: true,
      listed: [EXPORT.lost],
      alsoOfHead: (note, { origin }) => {
        const wrong = origin !== logOriginOf(this.#node, ordinal)
        if (wrong) throw unverified('it is the head of another log')
        requireKnownLines(note, this.#own)
        verifyWitnessedHead(this.#primitives, note, this.#own)
      },
    })
  }

  /** The log that the last notice opened counts from here on. */
  #follow(): void {
    const opened = this.#outcomes.at(-1)?.checked?.notice?.opened
    if (!opened || this.#policy.logs.some(({ key }) => key.name === opened.name)) return
    this.#policy = { ...this.#policy, logs: [...this.#policy.logs, { key: opened }] }
  }

  #succession(checking: Checking): void {
    const last = this.#outcomes.at(-1)
    for (const [
      at,
      { ordinal, checked, isLost, notice, firstCommitment },
    ] of this.#outcomes.entries()) {
      const file = `${logPath(ordinal)}${NOTICE}`
      const before = this.#outcomes[at - 1]?.notice
      checking.looked(file)
      if (!checked && !isLost)
        checking.fail(`${logPath(ordinal)}${CHECKPOINT}`, 'it cannot be read')
      const isLast = ordinal === last?.ordinal
      if (isLast && notice) checking.fail(file, 'the log that follows is missing')
      if (!isLast && !notice) checking.fail(file, 'no notice closes this log')
      if (!before || !firstCommitment) continue
      if (equalBytes(this.#primitives.sha256(before), firstCommitment)) continue
      checking.fail(file, 'entry 0 does not commit to the notice that opened the log')
    }
    const count = this.#outcomes.length
    checking.found(
      count === 1 ? 'one log, which is open' : `${count} logs, of which the last is open`,
    )
  }

  #nodeDocuments(checking: Checking): void {
    const { document, signature } = this.#signed
    this.#documents.say(checking)
    checking.looked(EXPORT.document)
    checking.attempt(EXPORT.document, () => {
      const by = { node: this.#node, messageKeys: this.#keys.toReversed() }
      verifyValue(this.#primitives, DOMAIN.nodeDocument, document, signature, by)
      const origin = this.#outcomes.at(-1)?.checked?.checkpoint.origin
      if (origin && !document.logKey.startsWith(`${origin}+`))
        throw unverified('it names another log')
    })
  }

  #files(checking: Checking): void {
    const manifest = this.#file(EXPORT.manifest)
    checking.looked(EXPORT.manifest)
    const signed = checking.attempt(EXPORT.signature, () =>
      verifyExportSignature(this.#primitives, this.#file(EXPORT.signature), {
        node: this.#node,
        manifest,
        keys: this.#keys,
      }),
    )
    const files = new Map([...this.#copy.files, ...this.#listed])
    const unlisted: readonly string[] = [EXPORT.manifest, EXPORT.signature]
    const paths = [...files.keys()].filter((path) => !unlisted.includes(path))
    const archive = { files, sealed: new Map() }
    for (const fault of manifestFaults(this.#primitives, archive, EXPORT.manifest, paths)) {
      checking.fail(fault.file, fault.message)
    }
    const readme = this.#copy.files.get(EXPORT.readme)
    if (readme && !equalBytes(readme, README)) checking.fail(EXPORT.readme, 'it is not our text')
    checking.found(`${paths.length} files beside tiles; signed with ${signed}`)
  }

  async #small(copy: LogCopy | undefined, ordinal: number, name: string) {
    const bytes = await copy?.read(name)
    if (!bytes) return undefined
    this.#listed.set(`${logPath(ordinal)}${name}`, new Uint8Array(bytes))
    return new Uint8Array(bytes)
  }

  #file(path: string): Bytes {
    const bytes = this.#copy.files.get(path)
    if (!bytes) throw malformed('the file is missing', { field: path })
    return bytes
  }
}

/** An export leaves out lines that its own policy does not know, so that no byte is free. */
function requireKnownLines(note: SignedNote, { logs, witnesses }: Policy): void {
  const keys = [...logs, ...witnesses].map(({ key }) => key)
  if (knownSignatures(note, keys).length === note.signatures.length) return
  throw unverified('a signature is by nobody whom the policy of the export names')
}

/** Undefined if it cannot be told; then the entries are named as wrong already. */
async function firstCommitmentOf(copy: LogCopy, size: number): Promise<Uint8Array | undefined> {
  const width = tileWidth(0, 0, size)
  try {
    const bytes = await copy.read(tilePath({ level: 'entries', index: 0, width }))
    const [entry] = bytes ? parseEntryBundle(bytes, width) : []
    return entry && fromBase64(entryCommitment(entry))
  } catch {
    return undefined
  }
}
