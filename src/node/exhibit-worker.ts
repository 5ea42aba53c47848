/**
 * The exhibit worker: one process for one act, without network.
 *
 * Reads one request as JSON from standard input, writes one answer to standard
 * output, and ends. It never writes to disk. Its parent starts it under Node's
 * permission model with file access for the program text only.
 */

import { nodePrimitives } from '../adapters/node-primitives.ts'
import { systemRandom } from '../adapters/random.ts'
import type { Redaction } from '../app/ports/exhibits.ts'
import { leftoversIn, placeAsks } from '../app/redaction/place-asks.ts'
import { fromBase64, textFromUtf8, toBase64, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../base/canonical-json.ts'
import {
  hideInRecord,
  type RedactedRecord,
  redactRecord,
  rootFromRedactedRecord,
  sealableRecord,
} from '../proof/redacted-record.ts'
import { generateIdentity, openWith, recipientOf, sealTo } from '../seal/seal.ts'

type Request =
  | { readonly act: 'seal'; readonly parts: readonly Json[]; readonly form?: 'flat' }
  | { readonly act: 'keep'; readonly record: RedactedRecord }
  | { readonly act: 'open'; readonly opening: Opening }
  | ({ readonly act: 'redact'; readonly opening: Opening } & Redaction)

type Opening = { readonly identity: string; readonly ciphertext: string }

async function answer(request: Request): Promise<object> {
  switch (request.act) {
    case 'seal': {
      const salts = request.parts.map(() => systemRandom.bytes(32))
      const seal = request.form === 'flat' ? redactRecord : sealableRecord
      return sealed(seal(nodePrimitives, request.parts, salts))
    }
    case 'keep':
      return sealed(request.record)
    case 'open':
      return { record: await opened(request.opening) }
    case 'redact':
      return redacted(await opened(request.opening), request)
  }
}

async function redacted(original: RedactedRecord, { asks, beside }: Redaction): Promise<object> {
  const placed = placeAsks(nodePrimitives, original, asks)
  if ('notThere' in placed) return placed
  const record = hideInRecord(nodePrimitives, original, placed.hidden)
  return { ...(await sealed(record)), record, leftovers: leftoversIn(original, record, beside) }
}

async function opened({ identity, ciphertext }: Opening): Promise<RedactedRecord> {
  const bytes = await openWith(identity, fromBase64(ciphertext))
  return parseJson(bytes, 'exhibit') as unknown as RedactedRecord
}

async function sealed(record: RedactedRecord): Promise<object> {
  const identity = await generateIdentity()
  const recipient = await recipientOf(identity)
  const canonical = canonicalBytes(record)
  const ciphertext = await sealTo([recipient], canonical, { minimumRecipients: 1 })
  return {
    identity,
    ciphertext: toBase64(ciphertext),
    partsRoot: toHex(rootFromRedactedRecord(nodePrimitives, record)),
    parts: record.parts.length,
    copyDigest: toHex(nodePrimitives.sha256(canonical)),
    copySizeBytes: canonical.length,
  }
}

const chunks: Uint8Array[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
const request = JSON.parse(textFromUtf8(Buffer.concat(chunks))) as Request
process.stdout.write(utf8(JSON.stringify(await answer(request))))
