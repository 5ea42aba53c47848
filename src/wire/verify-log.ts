/**
 * Verifies a folder with a log: one log, or the export of a whole node. The files come
 * from a disk or from what somebody chose in a browser.
 */
import { malformed } from '../base/errors.ts'
import { CHECKPOINT } from '../proof/log-faults.ts'
import type { Primitives } from '../proof/primitives.ts'
import { messageKeysOf, type NodeDocument } from './exchange/node-document.ts'
import type { MessageKey } from './http-signature.ts'
import { verifyKeyOpening } from './intake/sealed-receipt.ts'
import { checkLogCopy, type LogTrust } from './log-copy.ts'
import type { LogCopy } from './log-copy-file.ts'
import { verifyLogExport } from './log-export.ts'
import { EXPORT, placeInLog } from './log-export-files.ts'
import { type Report, ReportWriter } from './package/report.ts'
import type { Trust } from './verify-file.ts'
import { anchor } from './verify-filing.ts'

/** Of an export; far more than a node has documents. They are held in memory. */
const SMALL_FILES_MAX = 10_000
const SMALL_BYTES_MAX = 256 * 1024 * 1024

export type FolderTrust = Pick<Trust, 'policy' | 'key' | 'verifyTimeStamp'> &
  Pick<LogTrust, 'onProgress'>

/** @throws ComityError `malformed` if there is no log in the folder; else all is in the report */
export async function verifyLogFolder(
  primitives: Primitives,
  folder: LogCopy,
  trust: FolderTrust,
): Promise<Report> {
  if (await folder.read(EXPORT.manifest)) {
    return verifyLogExport(primitives, await exportCopy(folder), trust)
  }
  if (!(await folder.read(CHECKPOINT))) {
    throw malformed('the folder is no log and no export of logs: it holds no checkpoint')
  }
  const report = new ReportWriter('log')
  const messageKeys = keysOf(primitives, trust)
  anchor(report, trust.policy)
  await checkLogCopy(primitives, report, folder, { ...trust, messageKeys })
  return report.finish()
}

function keysOf(primitives: Primitives, { key, policy }: FolderTrust): MessageKey[] | undefined {
  if (!key || !policy) return undefined
  verifyKeyOpening(primitives, key, { node: key.envelope.node, policy })
  const { event } = key.envelope as unknown as { event: { document: { document: NodeDocument } } }
  return [...messageKeysOf(event.document.document)]
}

async function exportCopy(folder: LogCopy) {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const ordinals = new Set<number>()
  let size = 0
  for await (const path of folder.paths()) {
    const place = placeInLog(path)
    if (place) {
      ordinals.add(place.ordinal)
      continue
    }
    const bytes = new Uint8Array((await folder.read(path)) ?? new Uint8Array())
    size += bytes.length
    if (files.size >= SMALL_FILES_MAX || size > SMALL_BYTES_MAX) {
      throw malformed('the folder holds too many files that are of no log')
    }
    files.set(path, bytes)
  }
  const logs = new Map([...ordinals].map((ordinal) => [ordinal, logIn(folder, ordinal)] as const))
  return { files, logs }
}

function logIn(folder: LogCopy, ordinal: number): LogCopy {
  const prefix = `ledger/${ordinal}/`
  return {
    read: (path) => folder.read(`${prefix}${path}`),
    partialWidths: (path) => folder.partialWidths(`${prefix}${path}`),
    async *paths() {
      for await (const path of folder.paths(prefix)) yield path.slice(prefix.length)
    },
  }
}
