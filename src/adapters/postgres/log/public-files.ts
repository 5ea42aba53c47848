/** Reads the public files of the log by their path below its prefix. */
import { join } from 'node:path'
import type { CalendarDate } from '../../../base/time.ts'
import { parseTilePath } from '../../../proof/tile-path.ts'
import { readIfThere, replaceFile } from './durable-files.ts'

const STAMP_PATH = /^time-stamps\/\d{4}-\d{2}-\d{2}\.(checkpoint|tst)$/

export const stampPath = (day: CalendarDate, kind: 'checkpoint' | 'tst') =>
  `time-stamps/${day}.${kind}`

export type PublicFiles = {
  /** `checkpoint`, a checkpoint's time stamp, or the path of a tile; undefined if there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Keeps a checkpoint of that day beside its time stamp. */
  keepStamp(day: CalendarDate, checkpoint: Uint8Array, token: Uint8Array): Promise<void>
}

/** @throws ComityError `malformed` for any other path, so that none leads outside the folder */
export function publicFiles(directory: string): PublicFiles {
  return {
    async read(path) {
      if (path !== 'checkpoint' && !STAMP_PATH.test(path)) parseTilePath(path)
      return readIfThere(join(directory, path))
    },
    async keepStamp(day, checkpoint, token) {
      const durable = { folder: directory, writer: 'stamps' }
      await replaceFile(durable, stampPath(day, 'checkpoint'), checkpoint)
      // Last: where the token is, the checkpoint is.
      await replaceFile(durable, stampPath(day, 'tst'), token)
    },
  }
}
