/**
 * The manifest of a backup: what is in it, byte for byte, and the state of the node
 * that it was taken from. Signed with the node's message key.
 *
 * The signature shows that the node made it. It does not show that the node was
 * honest, or that this is its newest backup.
 */
import { createHash, createHmac } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { type Bytes, fromBase64, toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { ComityError, malformed, unverified } from '../../base/errors.ts'
import { asVerified, type Verified } from '../../base/verified.ts'
import {
  CountForm,
  HashForm,
  InstantForm,
  KeyIdForm,
  NodeIdForm,
  NodeSignatureForm,
  readForm,
  SeqForm,
  strictObject,
  Version1,
} from '../../wire/exchange/form.ts'
import { DOMAIN, type MessageSigner, signValue, verifyValue } from '../../wire/exchange/signed.ts'
import { nodePrimitives } from '../node-primitives.ts'

export const MANIFEST = 'manifest.json'

const NameForm = Type.String({ pattern: '^[a-z_][a-z0-9_]{0,62}$' })
/** `log_entry`, or `closed_log_1.log_entry` for a table of a closed log. */
const TableForm = Type.String({ pattern: '^([a-z_][a-z0-9_]{0,62}\\.)?[a-z_][a-z0-9_]{0,62}$' })
/**
 * What a backup holds of the node's folder, and a restore writes there. Named one by one:
 * the configuration, keys, passwords, certificates and codes lie there too.
 */
const KEPT =
  '^(?:(?:node\\.json|policy\\.txt)|(?:exhibits|peers)(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+)$'
const FilePathForm = Type.String({ maxLength: 500, pattern: KEPT })

export function isKept(path: string): boolean {
  return new RegExp(KEPT).test(path) && !path.endsWith('.tmp')
}

const ManifestForm = strictObject({
  v: Version1,
  kind: Type.Literal('comity-backup'),
  node: NodeIdForm,
  /** Version of the software that wrote it. */
  software: Type.String({ maxLength: 60 }),
  /** Migrations that the database had, in order. */
  schema: Type.Array(Type.String({ pattern: '^[0-9]{4}-[a-z0-9-]+\\.sql$' }), { minItems: 1 }),
  at: InstantForm,
  messageKey: strictObject({ id: KeyIdForm, key: Type.String({ maxLength: 60 }) }),
  /** Tells the right key of sealed columns from a wrong one, and nothing else. */
  columnKeyCheck: HashForm,
  /** The log's head in the snapshot; null if the node never had one. */
  log: Type.Union([
    Type.Null(),
    strictObject({
      origin: Type.String({ maxLength: 200 }),
      size: SeqForm,
      root: HashForm,
      nextSeq: SeqForm,
    }),
  ]),
  tables: Type.Array(
    strictObject({
      name: TableForm,
      columns: Type.Array(NameForm, { minItems: 1 }),
      rows: SeqForm,
      bytes: SeqForm,
      sha256: HashForm,
    }),
  ),
  sequences: Type.Array(strictObject({ name: TableForm, value: CountForm })),
  /** Of the node's folder, under `files/`. */
  files: Type.Array(strictObject({ path: FilePathForm, bytes: SeqForm, sha256: HashForm })),
  /** The file of keys that was written at the same moment, apart; null if there was none. */
  keys: Type.Union([Type.Null(), HashForm]),
})

const SignedManifestForm = strictObject({
  manifest: ManifestForm,
  signature: NodeSignatureForm,
})

export type Manifest = Static<typeof ManifestForm>

export type ReadManifest = {
  readonly manifest: Verified<Manifest>
  /** SHA-256 of the file: the name of this backup. */
  readonly id: string
}

export async function signManifest(manifest: Manifest, signer: MessageSigner): Promise<Bytes> {
  const signature = await signValue(DOMAIN.backup, manifest, signer)
  return canonicalBytes({ manifest, signature })
}

/**
 * The signature is checked with the key that the manifest names: whether that is the
 * key of the right node is for whoever restores to compare.
 *
 * @throws ComityError naming the file
 */
export function readManifest(bytes: Uint8Array): ReadManifest {
  try {
    const { manifest, signature } = readForm(SignedManifestForm, bytes, '')
    const { id, key } = manifest.messageKey
    const publicKey = fromBase64(key, 'messageKey')
    const listed = { id, node: manifest.node, publicKey, validFrom: manifest.at }
    const by = { node: manifest.node, messageKeys: [{ ...listed, validUntil: manifest.at }] }
    verifyValue(nodePrimitives, DOMAIN.backup, manifest, signature, by)
    return { manifest: asVerified(manifest), id: toHex(sha256(bytes)) }
  } catch (cause) {
    if (!(cause instanceof ComityError)) throw cause
    if (cause.code === 'unverified') {
      throw unverified(`${MANIFEST} was changed: ${cause.message}`, { field: MANIFEST, cause })
    }
    throw malformed(`${MANIFEST} is damaged: ${cause.message}`, { field: MANIFEST, cause })
  }
}

/** Says which column key a backup needs, without saying anything about the key. */
export function columnKeyCheck(columnKey: Uint8Array): string {
  return createHmac('sha256', columnKey).update('comity/backup/column-key/v1').digest('hex')
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

export const tableFile = (table: string) => `tables/${table}.copy`
export const folderFile = (path: string) => `files/${path}`
