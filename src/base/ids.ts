/**
 * Identifiers. A node is named by a domain (`meridia.example`); everything else
 * by a UUID: random v4 for whatever a reporter touches, v7 elsewhere.
 */
import { malformed } from './errors.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const NODE_ID =
  /^(?=.{3,100}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** @throws ComityError `malformed` */
export function requireUuid(text: string, field = 'id'): string {
  if (!isUuid(text)) throw malformed('not a UUID of version 4 or 7', { field })
  return text
}

/** @throws ComityError `malformed` */
export function requireNodeId(text: string, field = 'node'): string {
  if (!NODE_ID.test(text)) throw malformed('not a node id', { field })
  return text
}
