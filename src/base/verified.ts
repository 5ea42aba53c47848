/**
 * `Verified<T>`: a value whose signature or proof was checked. Only the verify
 * functions of `proof` and `wire` make one; everything else can only ask for it.
 */
declare const verifiedBrand: unique symbol

export type Verified<T> = T & { readonly [verifiedBrand]: true }

/** Marks a value after its check. Call it nowhere but at the end of a verify function. */
export function asVerified<T>(value: T): Verified<T> {
  return value as Verified<T>
}
