/** The worked examples beside law packs: `<folder>/<order>/examples/<instrument>.md`. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExampleRow, readExamples } from '../wire/law-examples.ts'

const FILES = ['*/examples/*.md', '*/overlays/examples/*.md']

/** @throws ComityError `malformed` naming file and line of a row that cannot be read */
export function loadExamples(folder: string): readonly ExampleRow[] {
  return globSync(FILES, { cwd: folder })
    .sort()
    .flatMap((file) => readExamples(readFileSync(join(folder, file), 'utf8'), file))
}
