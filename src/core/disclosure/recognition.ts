/**
 * Thanking whoever reported, by name or pseudonym, and only if they ask for it.
 *
 * Two voices must say the same: the reporter chooses under which name, in the own mailbox,
 * and may take it back at any time; an officer says for what. A name that the reporter
 * changes is shown only after an officer has read it. Nothing is shown while an embargo
 * runs, before the case is public or has ended, or at all for a report of misconduct.
 *
 * It does not make anybody forget: what was public once may have been copied.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type Instant, utcMonthOf } from '../../base/time.ts'
import type { CreditRole, ShownAs } from './recognition-events.ts'
import type { RecognitionEvent, RecognitionState } from './recognition-state.ts'

/** What a decision about credit reads of a case. */
export type CreditFacts = {
  readonly recognition: RecognitionState
  /** A report came in by the portal, so there is a mailbox to ask in. */
  readonly hasMailbox: boolean
  readonly isMisconduct: boolean
  readonly isUnderEmbargo: boolean
  /** When the first advisory that still stands was published; null: none. */
  readonly publishedAt: Instant | null
  readonly embargoEndedAt: Instant | null
}

export type WhyNoCredit =
  | 'noMailbox'
  | 'misconduct'
  | 'nameNotChosen'
  | 'nothingChanged'
  | 'notAName'
  | 'tooManyChanges'
  | 'noRole'

/** Each choice is an event of the case. */
const CHOICES_MAX = 20

/** Letters, digits and a few signs: nothing that could be taken for an address or steer a page. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,'’()_@&+-]{0,79}$/u

export type ChooseCredit = { readonly shownAs: ShownAs; readonly name: string }

export function chooseCredit(
  { recognition, isMisconduct }: CreditFacts,
  { shownAs, name }: ChooseCredit,
): Decision<readonly RecognitionEvent[], WhyNoCredit> {
  if (isMisconduct && shownAs !== 'nothing') return no('misconduct')
  const written = shownAs === 'nothing' ? null : name.normalize('NFC').trim()
  if (written !== null && !NAME.test(written)) return no('notAName')
  const before = recognition.choice
  const isSame = (before?.name ?? null) === written && (before?.shownAs ?? 'nothing') === shownAs
  if (isSame) return no('nothingChanged')
  // To take it back is always possible.
  if (written !== null && recognition.choices >= CHOICES_MAX) return no('tooManyChanges')
  return permit([{ type: 'creditChosen', shownAs, name: written }])
}

export type SetCredit = {
  readonly creditId: string
  /** Empty: nobody is thanked. */
  readonly roles: readonly CreditRole[]
  /** As the reporter chose it; null: the reporter is only asked. */
  readonly name: string | null
}

export function setCredit(
  facts: CreditFacts,
  { creditId, roles, name }: SetCredit,
): Decision<readonly RecognitionEvent[], WhyNoCredit> {
  const possible = mayCredit(facts)
  if (possible.decision === 'refuse') return possible
  const { credit, choice } = facts.recognition
  if (name !== null && name !== choice?.name) return no('nameNotChosen')
  const chosen = [...new Set(roles)].sort()
  if (name !== null && chosen.length === 0) return no('noRole')
  if (credit === null && chosen.length === 0) return no('nothingChanged')
  const isSame = credit?.name === name && String(credit.roles) === String(chosen)
  if (isSame) return no('nothingChanged')
  const id = credit?.creditId ?? creditId
  return permit([{ type: 'creditSet', creditId: id, roles: chosen, name }])
}

export function mayCredit({ hasMailbox, isMisconduct }: CreditFacts): Decision<null, WhyNoCredit> {
  if (!hasMailbox) return no('noMailbox')
  return isMisconduct ? no('misconduct') : permit(null)
}

/** What both said: the name, and for what. It may stand in an advisory. */
export type AgreedCredit = {
  readonly creditId: string
  readonly name: string
  readonly shownAs: Exclude<ShownAs, 'nothing'>
  readonly roles: readonly CreditRole[]
  /** When the second of the two said it. */
  readonly agreedAt: Instant
}

export function agreedCredit({
  recognition: { credit, choice },
  isMisconduct,
}: Pick<CreditFacts, 'recognition' | 'isMisconduct'>): AgreedCredit | undefined {
  if (isMisconduct || !credit || !choice || choice.shownAs === 'nothing') return undefined
  if (credit.name === null || credit.name !== choice.name || credit.roles.length === 0) {
    return undefined
  }
  const { creditId, name, roles, at } = credit
  const { shownAs } = choice
  return { creditId, name, shownAs, roles, agreedAt: at > choice.at ? at : choice.at }
}

export type PublicCredit = Pick<AgreedCredit, 'creditId' | 'name' | 'roles'> & {
  /** `2026-11`, UTC: the month in which all that it takes was there. The day is not kept. */
  readonly month: string
}

/** The line of the public page, from the month after `month`. */
export function publicCredit(facts: CreditFacts): PublicCredit | undefined {
  const agreed = agreedCredit(facts)
  const { publishedAt, embargoEndedAt, recognition } = facts
  const [nameableAt] = [publishedAt, recognition.closedAt].filter((at) => at !== null).sort()
  if (!agreed || facts.isUnderEmbargo || nameableAt === undefined) return undefined
  const all = [agreed.agreedAt, nameableAt, ...(embargoEndedAt ? [embargoEndedAt] : [])].sort()
  const { creditId, name, roles } = agreed
  return { creditId, name, roles, month: utcMonthOf(all.at(-1) ?? nameableAt) }
}

const TEXTS: Readonly<Record<WhyNoCredit, string>> = {
  noMailbox: 'the case came without a mailbox, so nobody can be asked',
  misconduct: 'who reported misconduct is never named in public',
  nameNotChosen: 'only the name that the reporter chose in the mailbox is shown',
  nothingChanged: 'nothing would change',
  notAName: 'a name has 1 to 80 letters, digits or simple signs',
  tooManyChanges: 'the name was changed too often; it can still be taken back',
  noRole: 'say for what the reporter is thanked',
}

const rule = (why: WhyNoCredit): Because => ({ rule: `recognition:${why}`, text: TEXTS[why] })

function no(why: WhyNoCredit): Refusal<WhyNoCredit> {
  return refuse(why, rule(why))
}
