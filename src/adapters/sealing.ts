/** Sealing of reports and contacts with age, padded so that sizes say little. */
import type { Sealing } from '../app/ports/sealing.ts'
import { mailboxIdentity } from '../seal/mailbox-identity.ts'
import { isPaddedSize, pad } from '../seal/padme.ts'
import {
  isRecipient,
  plaintextSize,
  recipientKind,
  recipientOf,
  sealedShape,
  sealNested,
  sealTo,
} from '../seal/seal.ts'

const ROSTER_MIN = 2

export const ageSealing: Sealing = {
  isRecipient,
  shapeOf: sealedShape,
  isPadded: (sealed) => isPaddedSize(plaintextSize(sealedShape(sealed).payloadBytes)),
  mailboxRecipient: (mailboxKey, recipient) =>
    recipientOf(mailboxIdentity(mailboxKey, recipientKind(recipient))),
  sealReport: (recipients, plaintext) =>
    sealTo(recipients, pad(plaintext), { minimumRecipients: ROSTER_MIN }),
  sealContact: (groups, plaintext) => sealNested(groups, pad(plaintext), { minimumRecipients: 1 }),
}
