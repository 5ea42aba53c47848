/** A filing of random bytes, as the node keeps one. */
import { systemRandom } from '../../src/adapters/random.ts'
import type { NewFiling } from '../../src/app/ports/filings.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { calendarDate } from '../../src/base/time.ts'
import { FILING_EVENTS, type SignedReceipt } from '../../src/wire/intake/filing.ts'

const { bytes, uuid } = systemRandom

export function newFiling(changes: Partial<NewFiling> = {}): NewFiling {
  return {
    id: uuid(),
    mailboxHash: bytes(32),
    filedOn: calendarDate('2026-11-22'),
    language: 'en',
    report: bytes(100),
    contact: undefined,
    attachments: [],
    reportDigest: bytes(32),
    contactDigest: undefined,
    sealedFor: '0'.repeat(64),
    commitment: bytes(32),
    tags: Object.fromEntries(
      FILING_EVENTS.map((event) => [event, toBase64(bytes(32))]),
    ) as NewFiling['tags'],
    acceptedReceipt: {
      keyId: 'meridia.example/msg1',
      receipt: { clocks: [] as never[] },
    } as unknown as SignedReceipt,
    formTokenHash: bytes(32),
    ...changes,
  }
}
