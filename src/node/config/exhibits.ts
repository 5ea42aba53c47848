/** How large a file may be, and where sealed exhibits lie. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import type { BlobStore } from '../../adapters/blobs/blob-store.ts'
import { folderBlobs } from '../../adapters/blobs/folder-blobs.ts'
import { s3Blobs } from '../../adapters/blobs/s3-blobs.ts'
import { malformed } from '../../base/errors.ts'
import { OriginForm, PathForm, section } from './text.ts'

/** A package is a ustar archive, whose files end below 8 GiB; sealing adds 16 bytes in 64 KiB. */
const FILE_BYTES_MAX = 8 * 1024 ** 3 - 4 * 1024 ** 2

export const ExhibitsForm = section({
  /** The most bytes of one file; just below 8 GiB if nothing is said, and at most. */
  fileBytesMax: Type.Optional(Type.Integer({ minimum: 1, maximum: FILE_BYTES_MAX })),
  /** A bucket of a store that speaks S3; in the node's folder if nothing is said. */
  s3: Type.Optional(
    section({
      endpoint: OriginForm,
      bucket: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' }),
      region: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
      /** Before every name, ended by a slash. */
      prefix: Type.Optional(Type.String({ pattern: '^([A-Za-z0-9._-]{1,60}/){1,4}$' })),
      accessKeyId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,128}$' }),
      /** The first line is the secret key. */
      secretKeyFile: PathForm,
    }),
  ),
})

export type ExhibitsConfig = Static<typeof ExhibitsForm>

export const fileBytesMax = (exhibits: ExhibitsConfig | undefined) =>
  exhibits?.fileBytesMax ?? FILE_BYTES_MAX

/** @throws ComityError `malformed` if the secret cannot be read */
export function openBlobs(config: {
  readonly folder: string
  readonly exhibits?: ExhibitsConfig | undefined
}): BlobStore {
  const folder = join(config.folder, 'exhibits')
  const s3 = config.exhibits?.s3
  if (!s3) return folderBlobs(folder)
  const { secretKeyFile, prefix = '', ...place } = s3
  return s3Blobs({ ...place, prefix, secretAccessKey: secretIn(secretKeyFile) }, { folder })
}

function secretIn(file: string): string {
  const field = 'exhibits.s3.secretKeyFile'
  try {
    const [secret = ''] = readFileSync(file, 'utf8').split('\n')
    if (secret.trim() !== '') return secret.trim()
  } catch (cause) {
    throw malformed('the secret key of the store cannot be read', { field, cause })
  }
  throw malformed('the file of the secret key is empty', { field })
}
