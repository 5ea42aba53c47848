/**
 * A form whose last part is a file of any size: its texts are read before anything
 * else, the file is a stream for whoever was allowed to take it. What nobody takes is
 * read and dropped, up to a limit, so that its sender gets to read the answer.
 */
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { textFromUtf8 } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { fileNameOf, mediaTypeOf } from './read-parts.ts'

export type StreamedFile = {
  readonly name: string
  readonly mediaType: string
  /** Ends with an error where the form breaks off or holds more than it should. */
  readonly bytes: AsyncIterable<Uint8Array>
}

export type FileParts = { of(request: FastifyRequest): StreamedFile | undefined }

type Rules = {
  /** Fields that may stand before the file. */
  readonly texts: readonly string[]
  readonly textMaxBytes: number
  readonly fileMaxBytes: number
}

type Part = {
  readonly type: string
  readonly fieldname: string
  readonly filename?: string
  readonly mimetype: string
  readonly file: AsyncIterable<Uint8Array> &
    NodeJSReadable & { readonly truncated: boolean; readonly readableEnded: boolean }
}
type NodeJSReadable = {
  on(event: 'data', heard: (chunk: Uint8Array) => void): unknown
  on(event: 'error', heard: () => void): unknown
  destroy(): unknown
}
type Parts = AsyncIterator<Part>

const FILE = 'file'
const DROPPED_MAX = 64 * 1024 * 1024

/** For all routes of this scope. */
export async function acceptFilePart(scope: FastifyInstance, rules: Rules): Promise<FileParts> {
  const files = new WeakMap<FastifyRequest, StreamedFile>()
  const untaken = new WeakMap<FastifyRequest, Part>()
  await scope.register(multipart, {
    limits: { parts: rules.texts.length + 1, fileSize: rules.fileMaxBytes, headerPairs: 20 },
    isPartAFile: () => true,
    preservePath: true,
    throwFileSizeLimit: false,
  })
  scope.addHook('preHandler', async (request) => {
    if (!request.isMultipart()) return
    const parts = request.parts()[Symbol.asyncIterator]() as unknown as Parts
    const { texts, file } = await untilFile(parts, rules)
    request.body = texts
    if (!file) return
    untaken.set(request, file)
    const bytes = fileBytes(file, parts, () => untaken.delete(request))
    const name = fileNameOf(file.filename)
    if (name) files.set(request, { name, mediaType: mediaTypeOf(file.mimetype), bytes })
  })
  scope.addHook('onSend', async (request) => {
    const part = untaken.get(request)
    if (part) drop(part)
  })
  return { of: (request) => files.get(request) }
}

async function untilFile(parts: Parts, { texts: names, textMaxBytes }: Rules) {
  const texts: Record<string, string> = {}
  for (;;) {
    const { done, value: part } = await parts.next().catch(() => {
      throw malformed('the form could not be read', { field: 'form', reason: 'truncated' })
    })
    if (done) return { texts }
    if (part.fieldname === FILE) return { texts, file: part }
    if (!names.includes(part.fieldname) || Object.hasOwn(texts, part.fieldname)) {
      drop(part)
      throw malformed('the form has another field', { field: 'form', reason: 'unknownField' })
    }
    texts[part.fieldname] = await textOf(part, textMaxBytes)
  }
}

async function textOf({ file, fieldname }: Part, limit: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of file) {
    size += chunk.length
    if (size > limit)
      throw malformed('a field is too long', { field: fieldname, reason: 'textSize' })
    chunks.push(chunk)
  }
  return textFromUtf8(Buffer.concat(chunks), fieldname)
}

async function* fileBytes(part: Part, parts: Parts, taken: () => void): AsyncGenerator<Uint8Array> {
  taken()
  yield* part.file
  if (part.file.truncated) throw malformed('the file is too large', { field: FILE, reason: 'size' })
  const { done } = await parts.next()
  if (!done) throw malformed('a field stands behind the file', { field: 'form', reason: 'order' })
}

function drop({ file }: Part): void {
  let size = 0
  file.on('error', () => {})
  file.on('data', (chunk) => {
    size += chunk.length
    if (size > DROPPED_MAX) file.destroy()
  })
}
