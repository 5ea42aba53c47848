/**
 * The letter that answers a request under public-records law, from what was decided and
 * nothing else: an officer adds the address and how to have it reviewed. What is withheld is
 * told by its kind and ground, never by its name.
 */
import type { LetterText } from '../desk/letter-text.ts'
import type {
  AnswerOutcome,
  Exemption,
  ExemptionGround,
  RecordsItem,
  RecordsRequest,
} from './records-request.ts'

/** In place of a template's id. */
export const RECORDS_LETTER = 'recordsAnswer'
export const RECORDS_LETTER_VERSION = 1

const OUTCOMES: Readonly<Record<AnswerOutcome, string>> = {
  granted: 'We disclose what you asked for.',
  partly: 'We disclose a part of what you asked for.',
  refused: 'We cannot disclose what you asked for.',
  nothingHeld: 'We searched, and hold nothing of what you asked for.',
}

const KINDS: Readonly<Record<RecordsItem['kind'], string>> = {
  exhibit: 'Exhibit',
  release: 'What another authority was sent',
  document: 'Letter or advisory',
}

const GROUNDS: Readonly<Record<ExemptionGround, string>> = {
  personalData: 'personal data',
  foreignRelations: 'relations with other authorities and states',
  investigation: 'an investigation or proceedings',
  confidentialBusiness: 'business secrets',
  legalPrivilege: 'legal privilege',
  security: 'security',
  deliberation: 'deliberation inside the authority',
  protectedReporter: 'protection of those who report',
  otherLaw: 'another rule of secrecy',
}

/** `nameOf` is asked only for what goes out. */
export function recordsLetter(
  request: RecordsRequest,
  given: Omit<LetterText, 'subject' | 'paragraphs' | 'language'> & {
    readonly appeal: string
    readonly nameOf: (item: RecordsItem) => string
  },
): LetterText {
  const { appeal, nameOf, ...head } = given
  const { requester, receivedAt, asked, answered, items } = request
  const digest = answered?.digest ?? ''
  const decided = items.map(({ item, outcome, exemption }, index) => {
    const number = `${index + 1}.`
    const held = exemption ? ` ${heldBack(exemption)}` : ''
    if (outcome === 'withhold') return `${number} ${KINDS[item.kind]}, withheld.${held}`
    if (outcome === 'partly') {
      return `${number} ${nameOf(item)}, disclosed as a redacted copy.${held}`
    }
    return `${number} ${nameOf(item)}, disclosed.`
  })
  return {
    ...head,
    subject: `Your request ${requester}`,
    paragraphs: [
      `You asked us on ${receivedAt} for records: ${asked}`,
      ...(answered ? [OUTCOMES[answered.outcome], answered.reason] : []),
      ...decided,
      appeal,
      `Two persons decided this answer. Its digest (SHA-256) is ${digest}.`,
    ],
    language: 'en',
  }
}

function heldBack({ code, citation, source, reason, harm, publicInterest }: Exemption): string {
  const law = source ? `${citation} (${source})` : citation
  // A word of an older event stands as it was written.
  const ground = Object.hasOwn(GROUNDS, code) ? GROUNDS[code as ExemptionGround] : code
  const test = [harm && `Harm: ${harm}`, publicInterest && `Public interest: ${publicInterest}`]
  return [`Ground: ${ground}, ${law}. ${reason}`, ...test.filter(Boolean)].join(' ')
}
