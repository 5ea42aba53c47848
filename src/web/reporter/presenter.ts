/** What a reporter or an affected person reads, made from what the use cases return. Pure. */
import type { OpenedNotice } from '../../app/challenge-notice.ts'
import type { Mailbox } from '../../app/open-mailbox.ts'
import { fromBase64, toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import type { Because } from '../../base/decision.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import { findClock, type LawPack } from '../../core/law/pack.ts'
import type { Consent } from '../../core/rights/consents.ts'
import { PERSON_TEXT_MAX } from '../../core/rights/correspondence.ts'
import type { Compensation } from '../../core/rights/remedies.ts'
import {
  type FilingClockState,
  type FilingExtension,
  filingClocks,
} from '../../core/triage/filing-clocks.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { SignedReceipt } from '../../wire/intake/filing.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { type FieldError, formModel, type RawValues } from '../form/form-model.ts'
import { formatDate } from '../instants.ts'
import type { Messages } from '../messages.ts'
import type { FileRow, LawSource } from '../parts.ts'
import { readable } from '../words.ts'
import type { NoticeModel, PersonConsent, PersonRemedy } from './notice/model.ts'
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
  /** Which clocks of a filing of that day law lets be put off, and to when. */
  readonly extensions: (filedOn: CalendarDate) => readonly FilingExtension[]
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
    clocks: clocksOf(view, filingClocks(receipt.clocks, [], view.today)),
    escalation: receipt.escalation,
  }
}

export function statusModel(view: ReporterView, code: string, mailbox: Mailbox): StatusModel {
  const { filing, stage, acknowledgedOn, sealedReceipt } = mailbox
  const { acceptedReceipt, filedOn } = filing
  const accepted = fileRow(view.hashing, ACCEPTED_FILE, acceptedBytes(acceptedReceipt))
  const sealed = sealedReceipt ? [fileRow(view.hashing, SEALED_FILE, sealedReceipt)] : []
  const opened = acknowledgedOn ? [{ step: 'acknowledged', on: acknowledgedOn }] : []
  const closed = filing.closedOn ? [{ step: 'notOpened', on: filing.closedOn }] : []
  return {
    code,
    state: acknowledgedOn ? 'acknowledged' : filing.closedOn ? 'notOpened' : 'filed',
    filedOn,
    level: acceptedReceipt.receipt.mode,
    steps: [
      { step: 'filed', on: filedOn },
      ...opened,
      ...closed,
      ...extendedSteps(view, mailbox),
      ...toldOf(view, mailbox),
    ],
    clocks: clocksOf(view, statesOf(mailbox, view)),
    messages: mailbox.messages
      .filter(({ isFromReporter, sealed }) => !isFromReporter && sealed)
      .map(({ on }) => ({ on, text: view.messages.t('mailbox.sealedHere') })),
    files: [accepted, ...sealed],
    stage,
    escalation: acceptedReceipt.receipt.escalation,
  }
}

/** That the authority needs more time, where law lets it, and the day that holds from then on. */
function extendedSteps(view: ReporterView, mailbox: Mailbox) {
  const { filing, messages } = mailbox
  const promised = filing.acceptedReceipt.receipt.clocks
  const moved = statesOf(mailbox, view).find(({ kind, dueOn }) =>
    promised.some((one) => one.kind === kind && one.dueOn < dueOn),
  )
  const said = messages.find(({ kind }) => kind === 'extended')
  if (!moved || !said) return []
  const date = formatDate(moved.dueOn, view.messages.lang)
  return [{ step: 'extended', on: said.on, text: view.messages.t('status.extendedText', { date }) }]
}

/** That two officers opened the contact, and why. */
function toldOf({ messages }: ReporterView, { contactOpenings }: Mailbox) {
  return contactOpenings.map(({ on, basis }) => {
    const text = messages.t(`identity.told.${basis}`)
    return { step: 'contactOpened', on, text }
  })
}

export function acceptedBytes(signed: SignedReceipt): Uint8Array {
  return canonicalBytes(signed)
}

function fileRow({ sha256 }: Hashing, name: string, bytes: Uint8Array): FileRow {
  const mediaType = 'application/json'
  return { name, mediaType, sizeBytes: bytes.length, sha256: toHex(sha256(bytes)) }
}

/** By what the reporter was told; admission acknowledges too. */
function statesOf(
  { filing, acknowledgedOn, messages }: Mailbox,
  { today, extensions }: Pick<ReporterView, 'today' | 'extensions'>,
) {
  const admitted = acknowledgedOn ? [{ kind: 'acknowledged', on: acknowledgedOn }] : []
  const { clocks } = filing.acceptedReceipt.receipt
  const told = [...admitted, ...messages.filter(({ isFromReporter }) => !isFromReporter)]
  return filingClocks(clocks, told, today, extensions(filing.filedOn))
}

/** For the mailbox's script. */
export function clockStates(
  { packs, ...view }: Pick<ReporterView, 'packs' | 'today' | 'extensions'>,
  mailbox: Mailbox,
) {
  return statesOf(mailbox, view).map((clock) => ({ ...clock, state: shownState(packs, clock) }))
}

function shownState(packs: readonly LawPack[], { kind, state, doneOn }: FilingClockState) {
  return doneOn !== null || isFirm(packs, kind) ? state : 'confirm'
}

function clocksOf(
  { packs, messages }: ReporterView,
  clocks: readonly FilingClockState[],
): ReporterClock[] {
  return clocks.map((clock) => ({
    name: clockName(messages, clock.kind),
    state: shownState(packs, clock),
    due: { on: clock.dueOn },
    source: lawSourceOf(clock.source),
  }))
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

/** As long as the rule of the use case says. */
export const messageSchema: FormSchema = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string', minLength: 1, maxLength: PERSON_TEXT_MAX } },
}

export type NoticeView = {
  readonly messages: Messages
  readonly zone: string
  readonly now: Instant
  readonly messageAction: string
  readonly nameOf: (node: string) => string
  readonly action: string
  readonly code: string
}

export function noticeModel(
  view: NoticeView,
  opened: OpenedNotice,
  sent: SentToNotice,
): NoticeModel {
  const { messages, nameOf, action, code } = view
  const { notice, person, releases, reviews } = opened
  const { withholds } = notice
  const named = releases.filter(({ recipient }) => !withholds?.recipients.includes(recipient))
  const unique = (values: readonly string[]) => [...new Set(values)]
  const isOpen = reviews.some(({ outcome }) => outcome === null)
  const ground = person?.delay?.ground
  const options = { action, hidden: { code }, ...(isOpen ? { decision: challengeIsOpen } : {}) }
  const challenge = sent.of === 'message' ? NOTHING : sent
  const written = sent.of === 'message' ? sent : NOTHING
  return {
    code,
    zone: view.zone,
    sentAt: notice.sentAt,
    about: messages.t('notice.aboutText'),
    categories: unique(releases.flatMap(({ categories }) => categories)),
    recipients: unique(named.map(({ recipient }) => nameOf(recipient))),
    ...(withholds && withheldOf(messages, withholds.ground)),
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
    remedies: opened.remedies.map((remedy) => presentRemedy(remedy, view, withholds?.recipients)),
    consents: opened.consents.map((consent) => presentConsent(consent, nameOf)),
    messages: opened.messages.map(({ isFromPerson, text, at }) => ({ isFromPerson, text, at })),
    messageForm: formModel('writeToAuthority', messageSchema, written.values, written.errors, {
      action: view.messageAction,
      hidden: { code },
      idPrefix: 'message',
      widgets: { text: 'textarea' },
    }),
    form: formModel(
      'challengeNotice',
      challengeSchema,
      challenge.values,
      challenge.errors,
      options,
    ),
    ...(sent.refusedNow ? { refusedNow: sent.refusedNow } : {}),
    ...(sent.done ? { done: sent.done } : {}),
  }
}

/** What came back to the page, and to which of its forms. */
export type SentToNotice = {
  readonly values: RawValues
  readonly errors: readonly FieldError[]
  readonly of?: 'message'
  readonly refusedNow?: readonly Because[]
  readonly done?: 'consent' | 'message'
}

const NOTHING = { values: {}, errors: [] } as const

function withheldOf(messages: Messages, ground: string): Pick<NoticeModel, 'withheldBecause'> {
  return { withheldBecause: { rule: `notice:${ground}`, text: groundText(messages, ground) } }
}

function presentRemedy(
  { steps, ...remedy }: OpenedNotice['remedies'][number],
  { nameOf, now, messages }: NoticeView,
  withheld: readonly string[] = [],
): PersonRemedy {
  const { kind, text, dueAt, doneAt, proof, compensation, reports, followUp, ownData } = remedy
  const isWithheld = (recipient: string) => withheld.includes(recipient)
  return {
    kind,
    text,
    dueAt,
    reports,
    state: doneAt !== null ? 'done' : dueAt <= now ? 'late' : 'ordered',
    ...(doneAt === null ? {} : { doneAt }),
    ...(proof === null ? {} : { proof }),
    ...(compensation ? { amount: amountOf(compensation, messages.lang) } : {}),
    steps: steps.map(({ recipient, askedAt, confirmedAt }) => ({
      recipient: isWithheld(recipient) ? '…' : nameOf(recipient),
      askedAt,
      confirmedAt,
    })),
    ...(followUp ? { followUp } : {}),
    ...(ownData
      ? {
          ownData: {
            remedyId: remedy.remedyId,
            parts: ownData.parts,
            withheldParts: ownData.withheldParts,
            ...(ownData.withheld === null ? {} : { withheld: ownData.withheld }),
          },
        }
      : {}),
  }
}

function amountOf({ amountMinor, currency }: Compensation, lang: string): string {
  const format = new Intl.NumberFormat(lang, { style: 'currency', currency })
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions()
  return format.format(amountMinor / 10 ** digits)
}

function presentConsent(
  { consentId, state, question, covers, givenAt, endedAt }: Consent,
  nameOf: (node: string) => string,
): PersonConsent {
  const at = endedAt ?? givenAt
  return {
    consentId,
    state,
    recipients: covers.recipients.map(nameOf),
    categories: covers.categories,
    ...(question === null ? {} : { question }),
    ...(at === null ? {} : { at }),
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
