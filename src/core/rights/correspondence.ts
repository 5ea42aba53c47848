/**
 * Letters between an affected person and the authority, on the page that opens with the
 * code of the notice. They decide nothing: an officer reads and acts.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'

export const PERSON_TEXT_MAX = 4000
const MESSAGES_A_DAY = 5
const MESSAGES_MAX = 40

export type CorrespondenceEvent =
  | {
      readonly type: 'personWrote'
      readonly messageId: string
      readonly personId: string
      readonly text: string
    }
  | {
      readonly type: 'personAnswered'
      readonly messageId: string
      readonly personId: string
      readonly text: string
    }

export type PersonMessage = {
  readonly messageId: string
  readonly personId: string
  readonly isFromPerson: boolean
  readonly text: string
  readonly at: Instant
}

export type WhyNoMessage =
  | 'unknownPerson'
  | 'nothingSaid'
  | 'textTooLong'
  | 'tooManyMessages'
  | 'alreadySaid'
  | 'notTold'

type Corresponding = {
  readonly persons: readonly { readonly personId: string }[]
  readonly notices: readonly { readonly personId: string }[]
  readonly messages: readonly PersonMessage[]
}

type Said = { readonly messageId: string; readonly personId: string; readonly text: string }

export function writeAsPerson(
  state: Corresponding,
  { messageId, personId, text }: Said,
  { now }: Pick<Acting, 'now'>,
): Decision<readonly CorrespondenceEvent[], WhyNoMessage> {
  const said = text.replaceAll('\r\n', '\n').trim()
  const own = state.messages.filter((one) => one.personId === personId && one.isFromPerson)
  const aDayAgo = addMs(now, -DAY_MS)
  const today = own.filter(({ at }) => at > aDayAgo)
  if (own.length >= MESSAGES_MAX || today.length >= MESSAGES_A_DAY) {
    const limit = `at most ${MESSAGES_A_DAY} messages a day and ${MESSAGES_MAX} in all`
    return no('tooManyMessages', limit)
  }
  if (own.at(-1)?.text === said) {
    return no('alreadySaid', 'you have sent exactly this before, and it was received')
  }
  const fault = faultOf(state, personId, said)
  return fault ?? permit([{ type: 'personWrote', messageId, personId, text: said }])
}

export function answerPerson(
  state: Corresponding,
  command: Said,
  _acting: Acting,
): Decision<readonly CorrespondenceEvent[], WhyNoMessage> {
  const { personId } = command
  const text = command.text.replaceAll('\r\n', '\n').trim()
  if (!state.notices.some((notice) => notice.personId === personId)) {
    return no('notTold', 'the person has no page before the notice is sent')
  }
  return faultOf(state, personId, text) ?? permit([{ type: 'personAnswered', ...command, text }])
}

export function isCorrespondence(event: { readonly type: string }): event is CorrespondenceEvent {
  return Object.hasOwn(CORRESPONDENCE_EVENTS, event.type)
}

export const CORRESPONDENCE_EVENTS: Readonly<Record<CorrespondenceEvent['type'], true>> = {
  personWrote: true,
  personAnswered: true,
}

export function foldCorrespondence(
  messages: readonly PersonMessage[],
  { event, at }: Pick<Recorded<CorrespondenceEvent>, 'event' | 'at'>,
): readonly PersonMessage[] {
  const { type, ...said } = event
  return [...messages, { ...said, isFromPerson: type === 'personWrote', at }]
}

function faultOf({ persons }: Corresponding, personId: string, text: string) {
  if (!persons.some((person) => person.personId === personId)) {
    return no('unknownPerson', 'the person is not recorded')
  }
  if (text === '') return no('nothingSaid', 'nothing is said')
  if (text.length > PERSON_TEXT_MAX) {
    return no('textTooLong', `a message has at most ${PERSON_TEXT_MAX} characters`)
  }
  return undefined
}

function no(why: WhyNoMessage, text: string): Refusal<WhyNoMessage> {
  return refuse(why, { rule: `message:${why}`, text })
}
