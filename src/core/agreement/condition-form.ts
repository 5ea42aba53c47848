/**
 * The form of a condition in a clause. It comes from another authority as JSON, so it is
 * checked before it is read: exact members, few parts, little depth. A condition that is
 * not of this form makes its clause one that is not understood.
 */
const DEPTH_MAX = 6
const PARTS_MAX = 60
const FACT_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,59}$/
const WORD_LENGTH_MAX = 200

/** True if `value` is a `Condition` that a person can still oversee. */
export function isConditionForm(value: unknown): boolean {
  const budget = { parts: PARTS_MAX }
  return isPart(value, DEPTH_MAX, budget)
}

function isPart(value: unknown, depth: number, budget: { parts: number }): boolean {
  budget.parts -= 1
  if (depth === 0 || budget.parts < 0) return false
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const part = value as { readonly [member: string]: unknown }
  switch (Object.keys(part).sort().join()) {
    case 'all':
      return arePartsOf(part['all'], depth, budget)
    case 'any':
      return arePartsOf(part['any'], depth, budget)
    case 'not':
      return isPart(part['not'], depth - 1, budget)
    case 'fact,is':
      return isFact(part['fact']) && isFactValue(part['is'])
    case 'fact,has':
      return isFact(part['fact']) && isWord(part['has'])
    case 'fact,here':
      return isFact(part['fact']) && part['here'] === true
    default:
      return false
  }
}

/** An empty list would hold, or fail, whatever the case is. */
function arePartsOf(list: unknown, depth: number, budget: { parts: number }): boolean {
  if (!Array.isArray(list) || list.length === 0) return false
  return list.every((each) => isPart(each, depth - 1, budget))
}

function isFact(name: unknown): boolean {
  return typeof name === 'string' && FACT_NAME.test(name)
}

function isFactValue(value: unknown): boolean {
  return typeof value === 'boolean' || Number.isFinite(value) || isWord(value)
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= WORD_LENGTH_MAX
}
