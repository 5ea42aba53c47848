/**
 * One structured line for operators. Takes only what says nothing about a case or
 * a person: kinds, counts, node ids, our own error messages.
 */
export function report(kind: string, facts: Readonly<Record<string, string | number>> = {}): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), kind, ...facts })}\n`)
}
