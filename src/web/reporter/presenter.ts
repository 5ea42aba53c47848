/** What a reporter or an affected person reads, made from what the use cases return. Pure. */
import type { OpenedNotice } from '../../app/challenge-notice.ts'
import type { Mailbox } from '../../app/open-mailbox.ts'
import { fromBase64, toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import type { CalendarDate } from '../../base/time.ts'
import { findClock, type LawPack } from '../../core/law/pack.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { AcceptedReceipt, SignedReceipt } from '../../wire/intake/filing.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { type FieldError, formModel, type RawValues } from '../form/form-model.ts'
import type { Messages } from '../messages.ts'
import type { FileRow, LawSource } from '../parts.ts'
import { readable } from '../words.ts'
import type { NoticeModel } from './notice/model.ts'
import type { ReceiptModel } from './receipt/model.ts'
import type { ReporterClock, StatusModel } from './status/model.ts'

export const ACCEPTED_FILE = 'filing-accepted.json'
export const SEALED_FILE = 'filing-sealed.json'

/** What the texts are made with: the packs that name the clocks, the language, the day. */
export type ReporterView = {
  readonly hashing: Hashing
  readonly packs: readonly LawPack[]
  readonly messages: Messages
  readonly today: CalendarDate
}

export function receiptModel(
  view: ReporterView,
  code: string,
  signed: SignedReceipt,
): ReceiptModel {
  const { receipt } = signed
  return {
    code,
    filedOn: receipt.filedOn,
    level: receipt.mode,
    commitment: toHex(fromBase64(receipt.commitment)),
    files: [fileRow(view.hashing, ACCEPTED_FILE, acceptedBytes(signed))],
    clocks: clocksOf(view, receipt, null),
    escalation: receipt.escalation,
  }
}

export function statusModel(view: ReporterView, code: string, mailbox: Mailbox): StatusModel {
  const { filing, stage, acknowledgedOn, sealedReceipt } = mailbox
  const { acceptedReceipt, filedOn } = filing
  const accepted = fileRow(view.hashing, ACCEPTED_FILE, acceptedBytes(acceptedReceipt))
  const sealed = sealedReceipt ? [fileRow(view.hashing, SEALED_FILE, sealedReceipt)] : []
  const opened = acknowledgedOn ? [{ step: 'acknowledged', on: acknowledgedOn }] : []
  return {
    code,
    state: acknowledgedOn ? 'acknowledged' : 'filed',
    filedOn,
    level: acceptedReceipt.receipt.mode,
    steps: [{ step: 'filed', on: filedOn }, ...opened],
    clocks: clocksOf(view, acceptedReceipt.receipt, acknowledgedOn),
    messages: [],
    files: [accepted, ...sealed],
    stage,
    escalation: acceptedReceipt.receipt.escalation,
  }
}

export function acceptedBytes(signed: SignedReceipt): Uint8Array {
  return canonicalBytes(signed)
}

function fileRow({ sha256 }: Hashing, name: string, bytes: Uint8Array): FileRow {
  const mediaType = 'application/json'
  return { name, mediaType, sizeBytes: bytes.length, sha256: toHex(sha256(bytes)) }
}

/** The clock that an acknowledgment stops; the others go on. */
const ACKNOWLEDGE_CLOCK = 'eu.whistle/ack'

function clocksOf(
  { packs, messages, today }: ReporterView,
  { clocks }: AcceptedReceipt,
  acknowledgedOn: CalendarDate | null,
): ReporterClock[] {
  return clocks.map(({ kind, dueOn, source }) => {
    const isMet = kind === ACKNOWLEDGE_CLOCK && acknowledgedOn !== null && acknowledgedOn <= dueOn
    const running = isFirm(packs, kind) ? (dueOn < today ? 'overdue' : 'due') : 'confirm'
    return {
      name: clockName(messages, kind),
      state: isMet ? 'met' : running,
      due: { on: dueOn },
      source: lawSourceOf(source),
    }
  })
}

/** A date from a text that was not read, or that national law must count, is shown as open. */
function isFirm(packs: readonly LawPack[], id: string): boolean {
  const found = packs.map((pack) => findClock(pack, id)).find((each) => each !== undefined)
  return found?.clock.basis.evidence === 'P' && found.clock.counting !== 'national'
}

function clockName(messages: Messages, kind: string): string {
  const key = `reporter.clock.${kind}`
  return messages.has(key) ? messages.t(key) : readable(kind.slice(kind.indexOf('/') + 1))
}

/** The parts of a citation as law packs write it: `<title>, art. <article> (evidence <mark>)`. */
function lawSourceOf(citation: string): LawSource {
  const parts = /^(?<title>.*), art\. (?<article>.+) \(evidence (?<evidence>[PSR])\)$/u
  const { title = '', article = '', evidence = '' } = parts.exec(citation)?.groups ?? {}
  if (title === '') return { article: '', title: citation, evidence: 'R' }
  return { article: `art. ${article}`, title, evidence }
}

export const challengeSchema: FormSchema = {
  type: 'object',
  required: ['ground'],
  properties: { ground: { type: 'string', minLength: 10, maxLength: 4000 } },
}

export type NoticeView = {
  readonly messages: Messages
  readonly nameOf: (node: string) => string
  readonly action: string
  readonly code: string
}

export function noticeModel(
  { messages, nameOf, action, code }: NoticeView,
  { notice, person, releases, reviews }: OpenedNotice,
  sent: { readonly values: RawValues; readonly errors: readonly FieldError[] },
): NoticeModel {
  const unique = (values: readonly string[]) => [...new Set(values)]
  const isOpen = reviews.some(({ outcome }) => outcome === null)
  const ground = person?.delay?.ground
  const options = { action, hidden: { code }, ...(isOpen ? { decision: challengeIsOpen } : {}) }
  return {
    sentAt: notice.sentAt,
    about: messages.t('notice.aboutText'),
    categories: unique(releases.flatMap(({ categories }) => categories)),
    recipients: unique(releases.map(({ recipient }) => nameOf(recipient))),
    purpose: unique(releases.map(({ purpose }) => purpose)).join(', '),
    legalBasis: unique(releases.map(({ legalBasis }) => legalBasis)).join('; '),
    ...(ground === undefined
      ? {}
      : { delayedBecause: { rule: `notice:${ground}`, text: groundText(messages, ground) } }),
    reviews: reviews.map(({ openedAt, outcome, reason, remedy }) => ({
      openedAt,
      state: outcome ?? 'inReview',
      ...(reason === null ? {} : { reason }),
      ...(remedy === null ? {} : { remedy }),
    })),
    form: formModel('challengeNotice', challengeSchema, sent.values, sent.errors, options),
  }
}

/** The same rule as the use case has, said before the form is sent. */
const challengeIsOpen = {
  decision: 'refuse',
  because: [
    { rule: 'notice:alreadyChallenged', text: 'a challenge of this notice is being reviewed' },
  ],
} as const

function groundText(messages: Messages, ground: string): string {
  const key = `choice.${ground}`
  return messages.has(key) ? messages.t(key) : readable(ground)
}
