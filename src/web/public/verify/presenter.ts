/** The keys of the policy, to be compared with what each authority publishes elsewhere. Pure. */
import { textFromUtf8, toHex } from '../../../base/bytes.ts'
import { parsePolicy } from '../../../proof/policy.ts'
import type { Hashing } from '../../../proof/primitives.ts'
import { formatVkey } from '../../../proof/vkey.ts'
import type { VerifyModel } from './model.ts'

export function verifyModel(hashing: Hashing, policy: Uint8Array): VerifyModel {
  const { logs, witnesses } = parsePolicy(hashing, policy)
  const rowsOf = (role: 'log' | 'witness', entries: typeof logs | typeof witnesses) =>
    entries.map(({ key }) => ({ name: key.name, role, vkey: formatVkey(key) }))
  return {
    keys: [...rowsOf('log', logs), ...rowsOf('witness', witnesses)],
    policy: {
      sizeBytes: policy.length,
      sha256: toHex(hashing.sha256(policy)),
      text: textFromUtf8(policy),
    },
  }
}
