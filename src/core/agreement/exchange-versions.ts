/** Versions of the exchange (`protocol/spec/exchange.md`) that this program speaks, in ascending order. */
export const EXCHANGE_VERSIONS: readonly number[] = [1]
