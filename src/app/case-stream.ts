/** A stream read as that of a case. */
import { malformed } from '../base/errors.ts'
import { isUuid } from '../base/ids.ts'
import { type CaseEvent, type CaseState, foldCase } from '../core/case/case.ts'
import type { Recorded } from '../core/case/recorded.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent, StreamView } from './ports/streams.ts'

/** @throws ComityError `malformed` if there is no such stream, or it is none of a case */
export async function caseStream(
  kernel: Pick<Kernel, 'streams'>,
  caseId: string,
): Promise<StreamView> {
  const stream = await kernel.streams.read(caseId)
  if (stream?.kind !== 'case') throw noSuchCase()
  return stream
}

/** `history`: of a stream of kind `case`. */
export function foldCaseStream(history: readonly Recorded<AnyEvent>[]): CaseState {
  return foldCase(history as readonly Recorded<CaseEvent>[])
}

/** @throws ComityError `malformed` for what cannot be the id of a case */
export function requireCaseId(text: string): string {
  if (isUuid(text)) return text
  throw noSuchCase()
}

export function noSuchCase() {
  return malformed('there is no such case', { field: 'caseId', reason: 'unknown-case' })
}
