/** The files of a copy of a log, as whoever keeps them gives them. */
import { unverified } from '../base/errors.ts'
import type { LogFiles } from '../proof/check-log.ts'

/** The files of one log, by their paths below it. */
export type LogCopy = LogFiles & {
  /** Every file whose path begins so, in any order. */
  paths(prefix?: string): AsyncIterable<string> | Iterable<string>
}

export const NOTICE = 'log-notice'

/** What was read, or why it cannot be, for the check that needs it. */
export async function readFile(copy: LogFiles, path: string): Promise<() => Uint8Array> {
  try {
    const bytes = await copy.read(path)
    return () => {
      if (!bytes) throw unverified('the file is missing')
      return bytes
    }
  } catch (error) {
    return () => {
      throw error
    }
  }
}
