/** Files that the story leaves for whoever wants to check it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Story } from './story.ts'

/** Returns the path of the file. */
export function writeArtefact(
  { artefacts }: Pick<Story, 'artefacts'>,
  name: string,
  content: Uint8Array | string | object,
): string {
  mkdirSync(artefacts, { recursive: true, mode: 0o700 })
  const file = join(artefacts, name)
  const isPlain = content instanceof Uint8Array || typeof content === 'string'
  writeFileSync(file, isPlain ? content : `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  return file
}
