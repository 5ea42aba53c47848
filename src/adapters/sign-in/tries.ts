/**
 * Counts failed tries to sign in, in memory: for the node as a whole, and for each
 * account or code. Keeps no address of anybody. Secrets are long enough not to be
 * guessed; this keeps floods from work that costs, and noise from the records.
 */

import type { SignIn } from '../../app/ports/sign-in.ts'
import { MINUTE_MS } from '../../base/time.ts'

const WINDOW_MS = MINUTE_MS
const NODE_MAX = 300
const ACCOUNT_MAX = 10
const ACCOUNTS_MAX = 10_000
const NODE = 'node'

export function countTries(now: () => number = Date.now): SignIn['tries'] {
  let counts = new Map<string, number>()
  let until = 0

  /** All windows end together: simple, and nobody waits longer than one. */
  function current(): Map<string, number> {
    if (now() >= until || counts.size > ACCOUNTS_MAX) {
      counts = new Map()
      until = now() + WINDOW_MS
    }
    return counts
  }

  return {
    mayTry(account) {
      const failed = current()
      const ofAccount = account === undefined ? 0 : (failed.get(`account/${account}`) ?? 0)
      return (failed.get(NODE) ?? 0) < NODE_MAX && ofAccount < ACCOUNT_MAX
    },
    failed(account) {
      const failed = current()
      failed.set(NODE, (failed.get(NODE) ?? 0) + 1)
      if (account === undefined) return
      const key = `account/${account}`
      failed.set(key, (failed.get(key) ?? 0) + 1)
    },
  }
}
