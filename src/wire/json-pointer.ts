/** JSON pointers (RFC 6901): parts to text and back. */
import { malformed } from '../base/errors.ts'

export function pointerTo(parent: string, part: string | number): string {
  return `${parent}/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** @throws ComityError `malformed` */
export function partsOf(pointer: string): readonly string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw malformed('not a JSON pointer', { field: 'pointer' })
  const parts = pointer.slice(1).split('/')
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
