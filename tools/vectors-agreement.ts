/**
 * Writes a small agreement, its digest and a party's signature:
 * `protocol/vectors/agreement/signature.json`. The keys are fixed and public.
 * `--check` only compares.
 */
import { createHash } from 'node:crypto'
import { signEd25519 } from '../src/adapters/node-primitives.ts'
import { fromBase64, textFromUtf8, toBase64, toHex } from '../src/base/bytes.ts'
import { canonicalText } from '../src/base/canonical-json.ts'
import { invariant } from '../src/base/errors.ts'
import { instant } from '../src/base/time.ts'
import { type AgreementDocument, agreementDigestInput } from '../src/core/agreement/document.ts'
import { documentFaults } from '../src/core/agreement/document-faults.ts'
import { compileAgreement } from '../src/core/release/compile-agreement.ts'
import { agreementSignatureInput } from '../src/wire/agreement-statement.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'
import { vectorKey } from './vector-keys.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

const MERIDIA = vectorKey('meridia.example/msg1', 0)
const ALBION = vectorKey('albion.example/msg1', 32)

function party({ listed }: typeof MERIDIA, name: string, legalOrder: string) {
  const fingerprint = toHex(sha256(fromBase64(listed.publicKey)))
  return { node: listed.node, name, legalOrder, messageKeys: [{ id: listed.id, fingerprint }] }
}

const document: AgreementDocument = {
  id: '01940000-0000-7000-8000-0000000000b1',
  version: 1,
  title: 'A small agreement (invented)',
  parties: [
    party(MERIDIA, 'Meridia AI Safety Authority (fictional)', 'EU'),
    party(ALBION, 'Albion Algorithm Inspectorate (fictional)', 'GB'),
  ],
  purposes: [{ id: 'investigation', text: 'To find out the facts.', iri: null }],
  categories: [
    {
      id: 'caseSummary',
      text: 'A summary without names of natural persons.',
      releasable: true,
      personal: false,
      reviewRequired: false,
    },
  ],
  clauses: [
    {
      id: '1',
      text: 'A party may release summaries of its cases to the other for its investigations.',
      kind: 'permitRelease',
      categories: ['caseSummary'],
      purposes: ['investigation'],
      releaseKinds: ['case'],
      duties: ['2'],
    },
    {
      id: '2',
      text: 'What was received is deleted within 365 days and is not passed on.',
      kind: 'duty',
      duty: { kind: 'deleteBy', withinDays: 365 },
    },
    { id: '3', text: 'Requests are made in English.', kind: 'statement' },
  ],
  transferInstruments: [],
  handling: { tlp: 'AMBER' },
  retention: { clause: '2', deleteAfterDays: 365 },
  onwardTransfer: { clause: '2', allowed: 'never' },
  emergencyClause: null,
  languageRule: { clause: '3', accepted: ['en'] },
  quorum: 'quorum none\n',
  validFromAt: instant('2027-01-01T00:00:00.000Z'),
  reviewAt: instant('2028-01-01T00:00:00.000Z'),
  sunsetAt: instant('2030-01-01T00:00:00.000Z'),
}
invariant(documentFaults(document).length === 0, 'the agreement of the vector has no faults')

const digest = toHex(sha256(agreementDigestInput(document)))
const statement = { agreement: document.id, digest, party: ALBION.listed.node }
const signedBytes = agreementSignatureInput(statement)

const signature = {
  says: 'An agreement of two parties, and the signature of the second.',
  document,
  canonical: canonicalText(document),
  digest,
  statement,
  signedText: textFromUtf8(signedBytes),
  keyId: ALBION.listed.id,
  publicKey: ALBION.listed.publicKey,
  signature: toBase64(signEd25519(ALBION.seed, signedBytes)),
  policy: compileAgreement(document),
}

await writeOrCheck('protocol/vectors/agreement', new Map([['signature.json', jsonText(signature)]]))
