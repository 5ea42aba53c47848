/** The worked examples beside the shipped packs. */
import { loadExamples } from '../../src/adapters/law-examples.ts'
import { LAW_FOLDER } from '../../src/cli/law/shipped-law.ts'
import type { ExampleKind, ExampleRow } from '../../src/wire/law-examples.ts'

export function shippedExamples(kind: ExampleKind): readonly ExampleRow[] {
  return loadExamples(LAW_FOLDER).filter((row) => row.kind === kind)
}
