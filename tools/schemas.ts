/**
 * Writes the JSON Schemas of what leaves a node, or is asked of a program, to
 * `protocol/schemas`; `--check` only compares. The schemas are the forms that the
 * code reads with, so they cannot say something else than the code does.
 */
import type { TSchema } from '@sinclair/typebox'
import { EngineError, EVAL_FORMS } from '../src/cli/eval/forms.ts'
import { ContributionForm } from '../src/wire/contribution.ts'
import { SignedChannelHeadForm } from '../src/wire/exchange/channel-head.ts'
import { CONTENT_FORMS } from '../src/wire/exchange/contents.ts'
import { MessageHeaderForm } from '../src/wire/exchange/message-header.ts'
import { SignedNodeDocumentForm } from '../src/wire/exchange/node-document.ts'
import { ReceiptsForm } from '../src/wire/exchange/receipt.ts'
import { SealedContentsForm, TransactionForm } from '../src/wire/exchange/transaction.ts'
import { INPUT_FORMS } from '../src/wire/inputs/forms.ts'
import { answersSchema, REPORT_FORMS, ReportFormForm } from '../src/wire/intake/report-forms.ts'
import { SealedFilingForm, SignedAcceptedForm } from '../src/wire/intake/sealed-receipt.ts'
import { lawOverlaySchemaText } from '../src/wire/law-overlay-schema.ts'
import { lawPackSchemaText } from '../src/wire/law-pack-schema.ts'
import { FindingForm } from '../src/wire/monitor/finding.ts'
import { DisclosureFiguresForm } from '../src/wire/open-data/disclosure-figures.ts'
import { ChannelLineForm, EventLineForm, PackageFactsForm } from '../src/wire/package/forms.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

type Titled = readonly [file: string, title: string, form: TSchema]

const EXCHANGE: readonly Titled[] = [
  ['channel-head.json', 'Signed head of a channel', SignedChannelHeadForm],
  ['message-header.json', 'Header of a message', MessageHeaderForm],
  ['node-document.json', 'Signed node document', SignedNodeDocumentForm],
  ['receipts.json', 'Signed receipts of one transaction', ReceiptsForm],
  ['sealed-contents.json', 'Plaintext of the sealed part of a transaction', SealedContentsForm],
  ['transaction.json', 'Transaction of up to 50 messages', TransactionForm],
]

const MESSAGES: readonly Titled[] = Object.entries(CONTENT_FORMS).map(([type, form]) => [
  `${fileName(type)}.json`,
  `Content of a message of type ${type}`,
  form,
])

const INTAKE: readonly Titled[] = [
  ['filing-accepted.json', 'Receipt that a reporter gets at once', SignedAcceptedForm],
  ['filing-sealed.json', 'Receipt with the way from a filing to the log', SealedFilingForm],
  ['contribution-certificate.json', 'Certificate of contribution, signed', ContributionForm],
  ['report-form.json', 'Guided form of one kind of report', ReportFormForm],
  ...REPORT_FORMS.map(
    (form): Titled => [
      `report-${fileName(form.kind)}.json`,
      `Answers of a report of the kind ${form.kind}`,
      answersSchema(form),
    ],
  ),
]

const PACKAGE: readonly Titled[] = [
  ['channel-line.json', 'One message about the case and its receipt', ChannelLineForm],
  ['event-line.json', 'One event of a stream in an evidence package', EventLineForm],
  ['package-facts.json', 'What an evidence package says of itself', PackageFactsForm],
]

const EVAL: readonly Titled[] = [
  ['error.json', 'Answer to a line that could not be answered', EngineError],
  ...Object.entries(EVAL_FORMS).flatMap(([engine, { says, input, output }]): Titled[] => [
    [`${engine}.input.json`, `${says}: a line of input`, input],
    [`${engine}.output.json`, `${says}: the answer, unless it is an error`, output],
  ]),
]

await write('exchange', EXCHANGE)
await write('messages', MESSAGES)
await write('intake', INTAKE)
await write('package', PACKAGE)
await write('log', [['log-finding.json', 'What a monitor found wrong with a log', FindingForm]])
await write('eval', EVAL)
await write('open-data', [
  ['disclosure.json', 'Public figures of disclosure', DisclosureFiguresForm],
])
await write(
  'inputs',
  Object.entries(INPUT_FORMS).map(
    ([name, { says, form }]): Titled => [
      `${name}.json`,
      `${says}, as far as it is asked for to be read`,
      form,
    ],
  ),
)
const LAW = new Map([
  ['law-pack.json', lawPackSchemaText()],
  ['law-overlay.json', lawOverlaySchemaText()],
])
await writeOrCheck('protocol/schemas', LAW)

function write(folder: string, forms: readonly Titled[]): Promise<void> {
  const files = forms.map(([file, title, form]): [string, string] => [
    file,
    jsonText({ $schema: DIALECT, title, ...form }),
  ])
  return writeOrCheck(`protocol/schemas/${folder}`, new Map(files))
}

function fileName(type: string): string {
  return type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
