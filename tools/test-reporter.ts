/**
 * The reporter inside the process of one test file: one JSON object a line for
 * each finished test, read by test-file.ts. It decides nothing.
 */
import { inspect } from 'node:util'

export type TestLine =
  | {
      readonly kind: 'test'
      readonly name: string
      /** 0 for a test at the top of its file. */
      readonly depth: number
      readonly isSuite: boolean
      readonly ms: number
      /** The reason, or `true` where none was given. */
      readonly skip?: string | boolean
      readonly todo?: string | boolean
      readonly failure?: { readonly type: string; readonly text: string }
    }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'end' }

type TestEvent = { readonly type: string; readonly data: Readonly<Record<string, unknown>> }
type Details = {
  readonly type?: string
  readonly duration_ms?: number
  readonly error?: Error & { readonly failureType?: string }
}

// biome-ignore lint/style/noDefaultExport: Node asks a reporter for it
export default async function* report(events: AsyncIterable<TestEvent>): AsyncIterable<string> {
  for await (const event of events) {
    const line = lineOf(event)
    if (line !== undefined) yield `${JSON.stringify(line)}\n`
  }
}

function lineOf({ type, data }: TestEvent): TestLine | undefined {
  switch (type) {
    case 'test:pass':
    case 'test:fail':
      return testLine(data, type === 'test:fail')
    case 'test:diagnostic':
      // The counts that Node prints at the end are ours to make.
      return /^[a-z_]+ [\d.]+$/.test(String(data['message']))
        ? undefined
        : { kind: 'note', text: String(data['message']) }
    case 'test:summary':
      return { kind: 'end' }
    default:
      return undefined
  }
}

function testLine(data: TestEvent['data'], hasFailed: boolean): TestLine {
  const { type, duration_ms: ms = 0, error } = data['details'] as Details
  const { skip, todo } = data as { skip?: string | boolean; todo?: string | boolean }
  return {
    kind: 'test',
    name: String(data['name']),
    depth: Number(data['nesting']),
    isSuite: type === 'suite',
    ms,
    ...(skip === undefined ? {} : { skip }),
    ...(todo === undefined ? {} : { todo }),
    ...(hasFailed ? { failure: failureOf(error) } : {}),
  }
}

function failureOf(error: Details['error']): { type: string; text: string } {
  const cause = error?.cause instanceof Error ? error.cause : error
  const text = inspect(cause, { depth: 6, breakLength: 100, maxStringLength: 4000 })
  // Frames of the runner itself tell a reader nothing.
  const lines = text.split('\n').filter((line) => !/^\s+at .*\(?node:internal\//.test(line))
  return { type: error?.failureType ?? 'unknown', text: lines.join('\n') }
}
