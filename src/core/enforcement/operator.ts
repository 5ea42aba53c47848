/**
 * Naming the operator that measures are addressed to.
 *
 * A demonstration runs on real reports. Its measures must never point at a real
 * company: under the profile rule `inventedOnly` the operator must be marked as
 * invented, and its name must not be one that the report names.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { EnforcementEvent, EnforcementState, Operator } from './enforcement.ts'

export type WhyOperator =
  | 'operatorNamedByReport'
  | 'operatorNotInvented'
  | 'alreadyNamed'
  | 'noName'

export function nameOperator(
  state: EnforcementState,
  command: Operator & {
    /** The profile rule: true in a demonstration. */
    readonly inventedOnly: boolean
    /** Every company, person or system name that the report holds. */
    readonly namesInReport: readonly string[]
  },
  _acting: Acting,
): Decision<readonly EnforcementEvent[], WhyOperator> {
  const { operatorId, name, role, invented, inventedOnly, namesInReport } = command
  if (state.operator !== null) {
    return refuse('alreadyNamed', { rule: 'operator:once', text: 'the operator is named' })
  }
  if (wordsOf(name).length === 0) {
    return refuse('noName', { rule: 'operator:name', text: 'the operator needs a name' })
  }
  if (inventedOnly && namesInReport.some((named) => isSameName(named, name))) {
    const text = 'a demonstration never acts against a company that the report names'
    return refuse('operatorNamedByReport', { rule: 'profile:inventedOnly', text })
  }
  if (inventedOnly && !invented) {
    const text = 'a demonstration acts only against an invented operator'
    return refuse('operatorNotInvented', { rule: 'profile:inventedOnly', text })
  }
  return permit([{ type: 'operatorNamed', operatorId, name, role, invented }])
}

/** True if one name holds the other, legal forms and punctuation aside. */
export function isSameName(a: string, b: string): boolean {
  const [short, long] = [wordsOf(a), wordsOf(b)].sort((x, y) => x.length - y.length)
  if (!short || !long || short.length === 0) return false
  return ` ${long.join(' ')} `.includes(` ${short.join(' ')} `)
}

const LEGAL_FORMS = new Set(
  'ab ag bv co company corp corporation gmbh inc incorporated invented kk limited llc llp ltd nv oy plc pte pty sa sarl sas se spa srl'.split(
    ' ',
  ),
)

function wordsOf(name: string): readonly string[] {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? []
  const telling = words.filter((word) => !LEGAL_FORMS.has(word))
  return telling.length > 0 ? telling : words
}
