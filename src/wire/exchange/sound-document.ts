/**
 * What a schema cannot say of a node document: keys and logs of its own, each once,
 * periods that end after they begin, addresses that can be called. Not who signed it.
 */
import { malformed } from '../../base/errors.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { KEY_TYPE, parseVkey } from '../../proof/vkey.ts'
import { requireInstant } from './form.ts'
import type { NodeDocument } from './node-document.ts'

/** @throws ComityError `malformed` with reason `schema` */
export function requireSoundDocument(primitives: Primitives, document: NodeDocument): void {
  requireInstant(document.issuedAt, '/document/issuedAt')
  const own = `${document.node}/`
  const ids = new Set<string>()
  for (const [index, key] of document.messageKeys.entries()) {
    const field = `/document/messageKeys/${index}`
    requireInstant(key.validFrom, `${field}/validFrom`)
    requireInstant(key.validUntil, `${field}/validUntil`)
    const sound = key.id.startsWith(own) && !ids.has(key.id) && key.validFrom < key.validUntil
    if (!sound) throw malformed('a message key is not sound', { field, reason: 'schema' })
    ids.add(key.id)
  }
  requireSoundVersions(document)
  requireSoundRecipients(document, ids)
  requireSoundEndpoints(document)
  for (const member of ['logKey', 'witnessKey'] as const) {
    const field = `/document/${member}`
    if (!parseVkey(primitives, document[member], field).name.startsWith(own)) {
      throw malformed('a key has the name of another node', { field, reason: 'schema' })
    }
  }
  requireSoundSecondWitness(primitives, document)
  requireSoundClosedLogs(primitives, document)
}

function requireSoundVersions({ protocol }: NodeDocument): void {
  const { exchange = [] } = protocol ?? {}
  if (exchange.every((version, at) => at === 0 || version > (exchange[at - 1] as number))) return
  const field = '/document/protocol/exchange'
  throw malformed('versions are not in ascending order', { field, reason: 'schema' })
}

function requireSoundSecondWitness(
  primitives: Primitives,
  { witnessKey, witnessKeyMlDsa44 }: NodeDocument,
): void {
  if (witnessKeyMlDsa44 === undefined) return
  const field = '/document/witnessKeyMlDsa44'
  const { name, type } = parseVkey(primitives, witnessKeyMlDsa44, field)
  const isSame = name === parseVkey(primitives, witnessKey, '/document/witnessKey').name
  if (isSame && type === KEY_TYPE.mlDsa44Cosignature) return
  throw malformed('the second key of the witness is not sound', { field, reason: 'schema' })
}

/** Logs of its own, each once, and none of them the one that goes on. */
function requireSoundClosedLogs(
  primitives: Primitives,
  { node, logKey, closedLogs = [] }: NodeDocument,
): void {
  const named = new Set([logKey])
  for (const [index, closed] of closedLogs.entries()) {
    const field = `/document/closedLogs/${index}`
    requireInstant(closed.closedAt, `${field}/closedAt`)
    const { name, type } = parseVkey(primitives, closed.logKey, `${field}/logKey`)
    const isOwn = name.startsWith(`${node}/`) && type === KEY_TYPE.ed25519
    if (!isOwn || named.has(closed.logKey)) {
      throw malformed('a closed log is not sound', { field, reason: 'schema' })
    }
    named.add(closed.logKey)
  }
}

const ADDRESS = /^https?:\/\/(\[::1\]|[a-z0-9.-]+)(?::([0-9]+))?(\/.*)?$/
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const HOST_LENGTH_MAX = 253
const PORT_MAX = 65_535

function requireSoundEndpoints({ endpoints }: NodeDocument): void {
  for (const name of ['federation', 'log', 'web'] as const) {
    const [, host = '', port = '1', path = ''] =
      ADDRESS.exec(endpoints[name] ?? 'http://[::1]') ?? []
    const isHost =
      host === '[::1]' ||
      (host.length <= HOST_LENGTH_MAX && host.split('.').every((label) => LABEL.test(label)))
    const isPort = Number(port) >= 1 && Number(port) <= PORT_MAX
    const isPath = path.split('/').every((part) => part !== '.' && part !== '..')
    if (!(isHost && isPort && isPath)) {
      const field = `/document/endpoints/${name}`
      throw malformed('an address is not sound', { field, reason: 'schema' })
    }
  }
}

function requireSoundRecipients(
  { encryptionRecipient, encryptionRecipients, revocations, issuedAt }: NodeDocument,
  messageKeyIds: ReadonlySet<string>,
): void {
  const listed = new Set<string>()
  for (const [index, each] of (encryptionRecipients ?? []).entries()) {
    const field = `/document/encryptionRecipients/${index}`
    requireInstant(each.validFrom, `${field}/validFrom`)
    requireInstant(each.validUntil, `${field}/validUntil`)
    if (each.validFrom >= each.validUntil || listed.has(each.recipient)) {
      throw malformed('a recipient is not sound', { field, reason: 'schema' })
    }
    listed.add(each.recipient)
  }
  if (encryptionRecipients && !listed.has(encryptionRecipient)) {
    const field = '/document/encryptionRecipient'
    throw malformed('the current recipient is not listed', { field, reason: 'schema' })
  }
  const named = new Set<string>()
  for (const [index, { key, at }] of (revocations ?? []).entries()) {
    const field = `/document/revocations/${index}`
    requireInstant(at, `${field}/at`)
    const isListed = messageKeyIds.has(key) || listed.has(key) || key === encryptionRecipient
    const isCurrent = key === encryptionRecipient && at <= issuedAt
    if (!isListed || isCurrent || named.has(key)) {
      throw malformed('a revocation is not sound', { field, reason: 'schema' })
    }
    named.add(key)
  }
}
