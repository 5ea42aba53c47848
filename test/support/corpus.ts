/**
 * Outside test data: run from the folder that COMITY_CORPUS names, when it is
 * set. It stays out of the product because its licences differ.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const corpusFolder: string | undefined = process.env['COMITY_CORPUS']

/** The lines of a corpus file, or undefined if there is no corpus. */
export function corpusLines(path: string): string[] | undefined {
  if (!corpusFolder) return undefined
  return readFileSync(join(corpusFolder, path), 'utf8').trimEnd().split('\n')
}
