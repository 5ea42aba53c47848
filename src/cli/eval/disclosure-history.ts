/** `comity eval disclosure-history`: is an order of the six disclosure events legal, and why? */
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { judgeHistory } from '../../core/disclosure/history.ts'
import { objectIn } from './fields.ts'

/**
 * `{"history":"VFDPXA"}` → `{"legal":true|false,"why":"…"}`.
 *
 * @throws ComityError `malformed` if it is not an order of the six events
 */
export function evalDisclosureHistory(input: Json): Json {
  const history = objectIn(input)['history']
  if (typeof history !== 'string') {
    throw malformed('history is not a text', { field: 'history', reason: 'wrong-type' })
  }
  const judgement = judgeHistory(history)
  if (judgement.legal) {
    return { legal: true, why: 'each event may follow the state that the events before it reach' }
  }
  return { legal: false, why: judgement.why }
}
