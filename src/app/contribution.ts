/** The certificate of a line of thanks, signed when it is asked for: the same bytes each time. */
import { toBase64 } from '../base/bytes.ts'
import type { Contribution } from '../wire/contribution.ts'
import { type Certificate, certificateInput } from '../wire/contribution.ts'
import type { Kernel } from './kernel.ts'
import { keyOpening } from './open-mailbox.ts'
import type { ThanksRow } from './ports/thanks.ts'

export async function contributionOf(
  kernel: Kernel,
  { creditId, name, roles, month }: ThanksRow,
): Promise<Contribution> {
  const { node, keys } = kernel
  const certificate: Certificate = {
    ...{ v: 1, origin: node.id, authority: node.name, id: creditId },
    ...{ name, roles: [...roles], month },
    simulatedClock: node.profile === 'demo',
  }
  const { keyId, sign } = keys.messageSigner()
  const signature = toBase64(await sign(certificateInput(certificate)))
  const key = ((await keyOpening(kernel)) ?? null) as Contribution['key']
  return { v: 1, kind: 'contribution-certificate', certificate, keyId, signature, key }
}
