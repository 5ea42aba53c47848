/** The worked examples beside the shipped packs: `law/<order>/examples/<instrument>.md`. */
import { globSync, readFileSync } from 'node:fs'
import { LAW_FOLDER } from '../../src/cli/law/shipped-law.ts'
import { type ExampleKind, type ExampleRow, readExamples } from '../../src/wire/law-examples.ts'

export function shippedExamples(kind: ExampleKind): readonly ExampleRow[] {
  const files = globSync(['*/examples/*.md', '*/overlays/examples/*.md'], { cwd: LAW_FOLDER })
  return files
    .sort()
    .flatMap((file) => readExamples(readFileSync(`${LAW_FOLDER}/${file}`, 'utf8'), `law/${file}`))
    .filter((row) => row.kind === kind)
}
