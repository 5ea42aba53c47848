/**
 * Names of prepared statements: for texts that come again and again, so that the server
 * reads and plans them once for each connection. Both lists are bounded, because a text
 * may carry as many values as somebody sent.
 */
const USES_BEFORE = 5
const NAMES_MAX = 150
const COUNTED_MAX = 2000
const TEXT_LENGTH_MAX = 10_000

const uses = new Map<string, number>()
const names = new Map<string, string>()

/** Undefined while the text is too rare or too long, or enough others have names. */
export function preparedName(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= NAMES_MAX || text.length > TEXT_LENGTH_MAX) return undefined
  if (uses.size >= COUNTED_MAX) uses.clear()
  const count = (uses.get(text) ?? 0) + 1
  uses.set(text, count)
  if (count < USES_BEFORE) return undefined
  uses.delete(text)
  const name = `comity_${names.size}`
  names.set(text, name)
  return name
}
