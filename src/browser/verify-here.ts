/**
 * Verifies what somebody chose, in the browser, by the code that `comity verify` uses.
 * Loaded by `verify-page.ts` when it is needed; loads and sends nothing itself.
 *
 * Cosignatures by ML-DSA do not count here: the browser has nothing to check them with.
 */
import { ComityError, malformed } from '../base/errors.ts'
import { type Policy, parsePolicy } from '../proof/policy.ts'
import { verifyChosen } from '../wire/chosen-files.ts'
import type { LogCopy } from '../wire/log-copy-file.ts'
import type { Report } from '../wire/package/report.ts'
import { verifyLogFolder } from '../wire/verify-log.ts'
import { browserPrimitives } from './primitives.ts'

export type { Report }

const FILES_BYTES_MAX = 256 * 1024 * 1024
const LOG_FILE_BYTES_MAX = 256 * (2 + 65_535)

/** Undefined: it is no policy. */
export function readPolicy(bytes: Uint8Array): Policy | undefined {
  return known(() => parsePolicy(browserPrimitives, bytes))
}

/** Undefined: these are no files of a known kind. */
export async function checkFiles(files: readonly File[], policy: Policy) {
  const size = files.reduce((sum, file) => sum + file.size, 0)
  if (size > FILES_BYTES_MAX) return undefined
  const chosen = await Promise.all(
    files.map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  )
  return known(() => verifyChosen(browserPrimitives, chosen, policy))
}

/** Undefined: there is no log in the folder. */
export async function checkFolder(
  files: readonly File[],
  policy: Policy,
  onProgress: (entries: number, ofEntries: number) => void,
): Promise<Report | undefined> {
  try {
    return await verifyLogFolder(browserPrimitives, folderOf(files), { policy, onProgress })
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

/** The files of a chosen folder, by their paths below it. */
function folderOf(files: readonly File[]): LogCopy {
  const byPath = new Map(files.map((file) => [pathOf(file), file]))
  const widths = new Map<string, number[]>()
  for (const path of byPath.keys()) {
    const [, tile, width] = /^(.+)\.p\/([1-9][0-9]{0,2})$/.exec(path) ?? []
    if (tile) widths.set(tile, [...(widths.get(tile) ?? []), Number(width)])
  }
  return {
    async read(path) {
      const file = byPath.get(path)
      if (!file) return undefined
      if (file.size > LOG_FILE_BYTES_MAX) throw malformed('the file is too large')
      return new Uint8Array(await file.arrayBuffer())
    },
    partialWidths: async (path) => widths.get(path) ?? [],
    paths: (prefix = '') => [...byPath.keys()].filter((path) => path.startsWith(prefix)),
  }
}

const pathOf = ({ webkitRelativePath, name }: File) =>
  webkitRelativePath.slice(webkitRelativePath.indexOf('/') + 1) || name

function known<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}
