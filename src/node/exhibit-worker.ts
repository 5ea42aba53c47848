/**
 * The exhibit worker: one process for one act, without network.
 *
 * Reads one request as JSON from standard input, writes one answer to standard
 * output, and ends. It never writes to disk. Its parent starts it under Node's
 * permission model with file access for the program text only.
 */

import { nodePrimitives } from '../adapters/node-primitives.ts'
import { systemRandom } from '../adapters/random.ts'
import { fromBase64, textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../base/canonical-json.ts'
import { redactRecord, rootFromRedactedRecord } from '../proof/redacted-record.ts'
import { generateIdentity, openWith, recipientOf, sealTo } from '../seal/seal.ts'

type Request =
  | { readonly act: 'seal'; readonly parts: readonly Json[] }
  | {
      readonly act: 'redact'
      readonly identity: string
      readonly ciphertext: string
      readonly hidden: readonly number[]
    }

/** What the age file of an exhibit holds: its parts, and a salt for each. */
type Original = { readonly parts: readonly Json[]; readonly salts: readonly string[] }

async function answer(request: Request): Promise<object> {
  if (request.act === 'seal') return seal(request.parts)
  const opened = await openWith(request.identity, fromBase64(request.ciphertext))
  const { parts, salts } = parseJson(opened, 'exhibit') as unknown as Original
  const hidden = new Set(request.hidden)
  const saltBytes = salts.map((salt) => fromBase64(salt))
  return redactRecord(nodePrimitives, parts, saltBytes, (index) => !hidden.has(index))
}

async function seal(parts: readonly Json[]): Promise<object> {
  const salts = parts.map(() => systemRandom.bytes(32))
  const identity = await generateIdentity()
  const recipient = await recipientOf(identity)
  const original = canonicalBytes({ parts, salts: salts.map(toBase64) })
  const ciphertext = await sealTo([recipient], original, { minimumRecipients: 1 })
  const record = redactRecord(nodePrimitives, parts, salts)
  return {
    identity,
    ciphertext: toBase64(ciphertext),
    partsRoot: toBase64(rootFromRedactedRecord(nodePrimitives, record)),
  }
}

const chunks: Uint8Array[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
const request = JSON.parse(textFromUtf8(Buffer.concat(chunks))) as Request
process.stdout.write(utf8(JSON.stringify(await answer(request))))
