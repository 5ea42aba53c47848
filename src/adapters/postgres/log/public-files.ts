/** Reads the public files of the log by their path below its prefix. */
import { join } from 'node:path'
import { parseTilePath } from '../../../proof/tile-path.ts'
import { readIfThere } from './durable-files.ts'

export type PublicFiles = {
  /** `checkpoint` or the path of a tile; undefined if there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
}

/** @throws ComityError `malformed` for any other path, so that none leads outside the folder */
export function publicFiles(directory: string): PublicFiles {
  return {
    async read(path) {
      if (path !== 'checkpoint') parseTilePath(path)
      return readIfThere(join(directory, path))
    },
  }
}
