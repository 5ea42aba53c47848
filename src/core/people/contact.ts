/**
 * One entry of the contact directory: an authority, a vendor or a CERT, with the ways
 * to reach it. Checks what is typed; says nothing about whether it is true: for that
 * stands when, and by whom, it was verified.
 */
import { type Decision, permit } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { no } from './faults.ts'

export const CONTACT_KINDS = ['authority', 'vendor', 'cert', 'other'] as const
export type ContactKind = (typeof CONTACT_KINDS)[number]

export type Contact = {
  readonly kind: ContactKind
  readonly name: string
  /** ISO 3166-1 alpha-2, or `EU`. */
  readonly country: string
  /** As law packs name it; null where it has none of its own. */
  readonly legalOrder: string | null
  /** Node id, where the counterpart has a node. */
  readonly node: string | null
  readonly mail: string | null
  readonly phone: string | null
  readonly web: string | null
  readonly securityTxt: string | null
  /** An OpenPGP fingerprint or an age recipient. */
  readonly key: string | null
  /** When it is reached: `24/7`, or plain words. */
  readonly hours: string | null
  /** A person, where one is named. */
  readonly person: string | null
  readonly notes: string | null
  readonly verifiedOn: CalendarDate | null
  /** Officer id. */
  readonly verifiedBy: string | null
}

export type WhyContact =
  | 'nameMissing'
  | 'noChannel'
  | 'badCountry'
  | 'badMail'
  | 'badPhone'
  | 'badWeb'
  | 'badKey'
  | 'alreadyListed'
  | 'unknownContact'
  | 'contactMovedOn'
  | 'verifiedInFuture'

/** `others`: the entries that stand in the directory, without this one. */
export function checkContact(
  contact: Contact,
  others: readonly Contact[],
): Decision<Contact, WhyContact> {
  const { name, kind, country, mail, phone, web, securityTxt, key } = contact
  if (name.trim() === '') return no('nameMissing', 'an entry has a name')
  if (!/^[A-Z]{2}$/.test(country)) return no('badCountry', 'a country has two capital letters')
  if (mail === null && phone === null && web === null && securityTxt === null) {
    return no('noChannel', 'an entry names at least one way to reach them')
  }
  if (mail !== null && !MAIL.test(mail)) return no('badMail', 'that is no mail address')
  if (phone !== null && !isPhone(phone)) {
    return no('badPhone', 'a phone number begins with + and the code of its country')
  }
  if ([web, securityTxt].some((url) => url !== null && !WEB.test(url))) {
    return no('badWeb', 'a web address begins with https://')
  }
  if (key !== null && !PGP.test(key.replaceAll(' ', '')) && !AGE.test(key)) {
    return no('badKey', 'a key is an OpenPGP fingerprint of 40 or 64 digits, or begins with age1')
  }
  const isTwin = (other: Contact) =>
    other.kind === kind && other.country === country && sameWords(other.name, name)
  if (others.some(isTwin)) return no('alreadyListed', 'the directory has this entry already')
  return permit(contact)
}

/** True if every word of the question begins a word of the entry. */
export function matches(contact: Contact, question: string): boolean {
  const { notes: _, verifiedOn: __, verifiedBy: ___, ...shown } = contact
  const words = wordsOf(Object.values(shown).join(' '))
  return wordsOf(question).every((part) => words.some((word) => word.startsWith(part)))
}

const MAIL = /^[^\s@<>"(),:;]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/
const WEB = /^https:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:\/[^\s"<>]*)?$/
const PGP = /^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/
const AGE = /^age1[a-z0-9]{20,4000}$/
const DIGITS_MIN = 5
const DIGITS_MAX = 15

function isPhone(text: string): boolean {
  const digits = text.replaceAll(/[ ()./-]/g, '')
  return new RegExp(`^\\+[1-9]\\d{${DIGITS_MIN - 1},${DIGITS_MAX - 1}}$`).test(digits)
}

function sameWords(first: string, second: string): boolean {
  return wordsOf(first).join(' ') === wordsOf(second).join(' ')
}

function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}
