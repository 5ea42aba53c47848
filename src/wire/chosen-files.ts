/**
 * Which of several files that somebody chose is to be verified, and what the others are
 * for: told by their content, like everything in `verify-file.ts`, but for a receipt,
 * which has no form of its own inside a file system.
 */
import { parseJson } from '../base/canonical-json.ts'
import { ComityError, malformed } from '../base/errors.ts'
import type { Policy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import type { Report } from './package/report.ts'
import { readOpening, type Trust, verifyFile } from './verify-file.ts'

type Bytes = Uint8Array<ArrayBuffer>
export type ChosenFile = { readonly name: string; readonly bytes: Bytes }

const RECEIPT_ENDING = '.tlog-proof'
/** JSON larger than this is a release, which stands alone. */
const BESIDE_BYTES_MAX = 1024 * 1024

/** @throws ComityError `malformed` if it cannot be told what is to be verified */
export function verifyChosen(
  primitives: Primitives,
  files: readonly ChosenFile[],
  policy: Policy | undefined,
): Report {
  const receipts = files.filter(({ name }) => name.endsWith(RECEIPT_ENDING))
  const others = files.filter(({ name }) => !name.endsWith(RECEIPT_ENDING))
  const [first, second, ...more] = others
  if (!first || more.length > 0 || receipts.length > 1) throw malformed('no file was chosen')
  const [receipt] = receipts
  if (!second) return verifyFile(primitives, first.bytes, { policy, receipt: receipt?.bytes })
  const main = besideWhich(first, second)
  return verifyFile(primitives, main.bytes, {
    policy,
    receipt: receipt?.bytes,
    ...useOf(main === first ? second : first),
  })
}

/** A statement or a certificate stands before what it is checked with. */
function besideWhich(first: ChosenFile, second: ChosenFile): ChosenFile {
  if (kindOf(second) === 'filing-statement') return second
  if (kindOf(first) === 'filing-statement') return first
  return isKey(first) ? second : first
}

/** What a file says that stands beside the one to be verified. */
function useOf(beside: ChosenFile): Pick<Trust, 'key' | 'filing'> {
  return isKey(beside)
    ? { key: readOpening(parseJson(beside.bytes, beside.name)) }
    : { filing: beside.bytes }
}

function isKey(file: ChosenFile): boolean {
  const { envelope } = (membersIn(file) ?? {}) as { envelope?: { event?: { type?: unknown } } }
  return envelope?.event?.type === 'nodeDocumentPublished'
}

function kindOf(file: ChosenFile): unknown {
  return ((membersIn(file) ?? {}) as { kind?: unknown }).kind
}

function membersIn({ name, bytes }: ChosenFile): object | undefined {
  if (bytes.length > BESIDE_BYTES_MAX) return undefined
  try {
    const value = parseJson(bytes, name)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}
