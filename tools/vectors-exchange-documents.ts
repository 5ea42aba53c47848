/**
 * Writes receipts, channel heads, node documents and successors of node documents, good and
 * bad ones, one file each, named by what was done: `protocol/vectors/exchange-documents/*.json`.
 * Keys are fixed and public. `--check` only compares.
 */
import { DOCUMENTS, RENEWALS } from './exchange-documents/node-documents.ts'
import { HEADS, RECEIPTS } from './exchange-documents/receipts.ts'
import { SYSTEMATIC } from './exchange-documents/systematic.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'

const all = {
  ...(await RECEIPTS()),
  ...(await HEADS()),
  ...(await DOCUMENTS()),
  ...(await RENEWALS()),
  ...(await SYSTEMATIC()),
}

await writeOrCheck(
  'protocol/vectors/exchange-documents',
  new Map(Object.entries(all).map(([name, vector]) => [`${name}.json`, jsonText(vector)])),
)
