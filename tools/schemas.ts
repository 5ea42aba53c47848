/**
 * Writes the JSON Schemas of the exchange's documents to
 * `protocol/schemas/exchange`; `--check` only compares.
 */
import type { TSchema } from '@sinclair/typebox'
import { SignedChannelHeadForm } from '../src/wire/exchange/channel-head.ts'
import { MessageHeaderForm } from '../src/wire/exchange/message-header.ts'
import { SignedNodeDocumentForm } from '../src/wire/exchange/node-document.ts'
import { ReceiptsForm } from '../src/wire/exchange/receipt.ts'
import { SealedContentsForm, TransactionForm } from '../src/wire/exchange/transaction.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'

const EXCHANGE: readonly (readonly [file: string, title: string, form: TSchema])[] = [
  ['channel-head.json', 'Signed head of a channel', SignedChannelHeadForm],
  ['message-header.json', 'Header of a message', MessageHeaderForm],
  ['node-document.json', 'Signed node document', SignedNodeDocumentForm],
  ['receipts.json', 'Signed receipts of one transaction', ReceiptsForm],
  ['sealed-contents.json', 'Plaintext of the sealed part of a transaction', SealedContentsForm],
  ['transaction.json', 'Transaction of up to 50 messages', TransactionForm],
]

const files = new Map(
  EXCHANGE.map(([file, title, form]) => {
    const $schema = 'https://json-schema.org/draft/2020-12/schema'
    return [file, jsonText({ $schema, title, ...form })]
  }),
)

await writeOrCheck('protocol/schemas/exchange', files)
