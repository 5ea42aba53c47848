/** True for a value that a form asks for as a local time: `…At`, `at` and `until` are instants. */
export function isInstantField(name: string, value: unknown): value is string {
  return /(?:^at|At|^until|Until)$/.test(name) && typeof value === 'string'
}
