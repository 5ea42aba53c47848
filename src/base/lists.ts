/** Changing one item of an immutable list. */

/** A copy of `list` in which `change` was applied to the items that `isIt` picks. */
export function changeWhere<T>(
  list: readonly T[],
  isIt: (item: T) => boolean,
  change: (item: T) => T,
): readonly T[] {
  return list.map((item) => (isIt(item) ? change(item) : item))
}
