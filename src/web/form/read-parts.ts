/**
 * A form as a browser sends it (RFC 7578), read from the stream into memory with
 * every limit checked on the way. Nothing is written anywhere.
 *
 * Each part is taken as bytes, whatever it says of itself: text must be UTF-8, a
 * file is never looked into. It promises names that were asked for, each at most
 * once, and says of everything else which field is wrong and why.
 */
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { concatBytes, textFromUtf8 } from '../../base/bytes.ts'
import type { FieldError } from './form-model.ts'

export type PartRules = {
  /** Names of text fields. */
  readonly texts: readonly string[]
  /** Those of them that may be given several times. */
  readonly lists?: readonly string[]
  readonly textMaxBytes: number
  /** The one field that takes a file. */
  readonly file?: { readonly name: string; readonly maxBytes: number }
}

export type SentFile = {
  readonly name: string
  readonly mediaType: string
  readonly content: Uint8Array
}

export type ReadParts = {
  /** What could be read, also where there are errors. */
  readonly values: Readonly<Record<string, string>>
  /** Of names that may be given several times. */
  readonly lists: Readonly<Record<string, readonly string[]>>
  readonly file?: SentFile
  /** An error of the form as a whole has an empty `field`. */
  readonly errors: readonly FieldError[]
}

/** The whole of a form, with room for what surrounds its parts. */
const FORM_MAX_BYTES = 4 * 1024 * 1024
const PARTS_MAX = 64
const HEADER_PAIRS_MAX = 20
/** As wide as any single part may be; each field has its own limit besides. */
const PART_MAX_BYTES = 1024 * 1024
const FILE_NAME_MAX = 200
const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,100}$/

export async function acceptParts(server: FastifyInstance): Promise<void> {
  await server.register(multipart, {
    limits: { parts: PARTS_MAX, fileSize: PART_MAX_BYTES, headerPairs: HEADER_PAIRS_MAX },
    // Fields too, so that they come as bytes and are decoded here and not leniently.
    isPartAFile: () => true,
    preservePath: true,
    throwFileSizeLimit: false,
  })
}

/** What stands in the way of reading the form at all. */
export function envelopeFault({
  headers,
}: FastifyRequest): (FieldError & { status: number }) | null {
  const type = headers['content-type'] ?? ''
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8'
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    return { field: 'content-type', reason: 'formType', status: 415 }
  }
  if (charset.toLowerCase() !== 'utf-8') {
    return { field: 'content-type', reason: 'charset', status: 415 }
  }
  const length = headers['content-length']
  if (length === undefined) return { field: 'content-length', reason: 'noLength', status: 411 }
  if (Number(length) > FORM_MAX_BYTES) {
    return { field: 'content-length', reason: 'formSize', limit: FORM_MAX_BYTES, status: 413 }
  }
  return null
}

export async function readParts(request: FastifyRequest, rules: PartRules): Promise<ReadParts> {
  const found: {
    values: Map<string, string>
    lists: Map<string, string[]>
    file?: SentFile
    errors: FieldError[]
  } = { values: new Map(), lists: new Map(), errors: [] }
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file') continue
      const sent = await readPart(part, rules)
      if ('reason' in sent) found.errors.push(sent)
      else if ('content' in sent) found.file = sent
      else if (rules.lists?.includes(sent.name) && sent.text !== undefined) {
        found.lists.set(sent.name, [...(found.lists.get(sent.name) ?? []), sent.text])
      } else if (found.values.has(sent.name)) {
        found.errors.push({ field: sent.name, reason: 'repeated' })
      } else if (sent.text !== undefined) found.values.set(sent.name, sent.text)
    }
  } catch (error) {
    found.errors.push(formFault(error))
  }
  const { values, lists } = found
  return { ...found, values: Object.fromEntries(values), lists: Object.fromEntries(lists) }
}

type Part = {
  readonly fieldname: string | undefined
  readonly filename: string | undefined
  readonly mimetype: string
  readonly file: AsyncIterable<Uint8Array> & { readonly truncated: boolean }
}
type Sent = FieldError | SentFile | { readonly name: string; readonly text?: string }

const SHOWN_NAME_MAX = 60

async function readPart(part: Part, { texts, textMaxBytes, file }: PartRules): Promise<Sent> {
  const field = part.fieldname ?? ''
  const isFile = field === file?.name
  const limit = isFile ? file.maxBytes : textMaxBytes
  const content = await bytesOf(part, limit)
  if (field === '') return { field, reason: 'noName' }
  if (!isFile && !texts.includes(field)) {
    return { field: field.slice(0, SHOWN_NAME_MAX), reason: 'unknownField' }
  }
  if (isFile) return readFile(part, field, content, limit)
  if (part.filename !== undefined) return { field, reason: 'notText' }
  if (content === undefined) return { field, reason: 'textSize', limit }
  return readText(field, content)
}

/** To the end of the part in any case; `undefined` if it is longer than the limit. */
async function bytesOf({ file }: Part, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of file) {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
  }
  return file.truncated || size > limit ? undefined : concatBytes(...chunks)
}

function readText(name: string, content: Uint8Array): Sent {
  try {
    return { name, text: textFromUtf8(content, name) }
  } catch {
    return { field: name, reason: 'charset' }
  }
}

function readFile(
  { filename, mimetype }: Part,
  field: string,
  content: Uint8Array | undefined,
  limit: number,
): Sent {
  if (content === undefined) return { field, reason: 'size', limit }
  // A browser sends an empty file without a name where none was chosen.
  if (!filename && content.length === 0) return { name: field }
  const name = fileNameOf(filename)
  if (name === undefined) return { field, reason: 'fileName' }
  return { name, mediaType: mediaTypeOf(mimetype), content }
}

/** A name, not a place: what leads through folders is no name of a file. */
export function fileNameOf(name: string | undefined): string | undefined {
  if (!name || name === '.' || name === '..' || !name.isWellFormed()) return undefined
  return name.length <= FILE_NAME_MAX && !/[/\\\u0000-\u001f\u007f]/.test(name) ? name : undefined
}

/** What a sender says of its file; nothing relies on it. */
export function mediaTypeOf(said: string): string {
  return MEDIA_TYPE.test(said) ? said : 'application/octet-stream'
}

/** What the parser says of a form that is no form; a mistake of ours goes on as it is. */
function formFault(error: unknown): FieldError {
  if (error instanceof TypeError || error instanceof RangeError) throw error
  const { code } = error as { readonly code?: string }
  if (code === 'FST_PARTS_LIMIT' || code === 'FST_FILES_LIMIT') {
    return { field: '', reason: 'tooManyParts', limit: PARTS_MAX }
  }
  if (code === 'FST_PROTO_VIOLATION') return { field: '', reason: 'forbiddenName' }
  return { field: '', reason: 'truncated' }
}
