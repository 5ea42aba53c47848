/**
 * A record of another system becomes a case in two steps: first what would be carried
 * and what not, which changes nothing; then the admission, by the use case that admits
 * every report. The same record is admitted once: a second try leads to the first case.
 */
import { textFromUtf8, toHex, utf8 } from '../base/bytes.ts'
import { type Json, parseJson } from '../base/canonical-json.ts'
import { type Decision, permit } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import type { Acting } from '../core/case/recorded.ts'
import { requireUniqueMembers } from '../wire/duplicate-members.ts'
import { INPUT_SIZE_MAX_BYTES, type ReadInput, readInput } from '../wire/inputs/read-input.ts'
import { decideDeskAccess } from './access.ts'
import type { ActDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import { openCase } from './open-case.ts'

/** @throws ComityError `malformed` with a JSON pointer and the reason */
export async function previewRecord(
  kernel: Kernel,
  record: Json,
  acting: Acting,
): Promise<Decision<ReadInput>> {
  const action = { name: 'previewRecord', group: 'openCase' } as const
  const access = await decideDeskAccess(kernel, action, acting)
  if (access.decision === 'refuse') return access
  return permit(readInput(record), ...access.because)
}

/** UTF-8, JSON, and no member twice in one object: what it says, it says once. */
export function parseRecord(bytes: Uint8Array): Json {
  if (bytes.length > INPUT_SIZE_MAX_BYTES) {
    throw malformed('record is larger than 1 MiB', { field: '', reason: 'too-large' })
  }
  const record = parseJson(bytes)
  requireUniqueMembers(textFromUtf8(bytes))
  return record
}

export async function admitRecord(
  kernel: Kernel,
  { record, title }: { readonly record: Json; readonly title: string },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const action = { name: 'admitRecord', group: 'openCase' } as const
  const access = await decideDeskAccess(kernel, action, acting)
  if (access.decision === 'refuse') return access
  readInput(record)
  const { imports } = kernel.desk
  const key = `record/${toHex(kernel.primitives.sha256(utf8(JSON.stringify(record))))}`
  const { targetId, isDone } = await imports.claim('case', key, kernel.random.uuidByTime())
  const isThere = isDone || (await kernel.streams.read(targetId)) !== undefined
  let done: ActDone = { streamId: targetId, events: [], result: { caseId: targetId } }
  if (!isThere) {
    const opened = await openCase(kernel, { title, record }, acting, targetId)
    if (opened.decision === 'refuse') return opened
    done = opened.value
  }
  if (!isDone) await imports.finish('case', key)
  return permit(done, ...access.because)
}
