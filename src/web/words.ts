/**
 * Words for the closed lists of the domain (states, verdicts, stages) and the
 * tone in which a page shows each. The tone only supports the word: nothing is
 * told by colour alone.
 */
import type { Messages } from './messages.ts'

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad'

/** The catalogue's word, or the code itself made readable where a vocabulary is open. */
export function wordFor(messages: Messages, group: string, code: string): string {
  const key = `word.${group}.${code}`
  return messages.has(key) ? messages.t(key) : readable(code)
}

/**
 * The label of a form field or of one of its choices: the act's own words, else
 * the shared ones of that name (`field.reason`), else the name made readable.
 */
export function labelFor(messages: Messages, key: string): string {
  const name = key.slice(key.lastIndexOf('.') + 1)
  for (const known of [key, `field.${name}`, `choice.${name}`]) {
    if (messages.has(known)) return messages.t(known)
  }
  return readable(name)
}

/** `caseOpened` and `not_yet_applicable` as plain words. */
export function readable(code: string): string {
  const spaced = code
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

const TONES: Readonly<Record<Exclude<Tone, 'neutral'>, readonly string[]>> = {
  good: ['met', 'sealed', 'inForce', 'accepted', 'active', 'permit', 'applied', 'released'].concat(
    ['discharged', 'competent', 'consented', 'made', 'upheld', 'satisfied_by', 'sent', 'signedOff'],
    [
      'goes',
      'disclose',
      'consents',
      'inTime',
      'valid',
      'approved',
      'answered',
      'signatory',
      'yes',
      'fulfilled',
      'delivered',
      'fixed',
      'notAffected',
      'well',
    ],
  ),
  warn: [
    'confirm',
    'advisory',
    'held',
    'overdue_on_reclassification',
    'suspended',
    'degraded',
    'retiring',
  ].concat(
    ['delayed', 'proposed', 'revise', 'simulated', 'skipped', 'open', 'waiting', 'unread'],
    [
      'undecided',
      'affected',
      'silent',
      'reviewPending',
      'leaving',
      'absent',
      'wanting',
      'strictPassed',
      'day',
      'stale',
      'unreached',
      'uncosigned',
      'suspicion',
    ],
  ),
  bad: [
    'objects',
    'overdue',
    'refuse',
    'refused',
    'rejected',
    'lapsed',
    'invalid',
    'expired',
    'breached',
    'contested',
    'refusedConsent',
    'passed',
    'late',
    'willNotFix',
    'wrong',
    'convicts',
  ],
  info: [
    'due',
    'signed',
    'sequenced',
    'signing',
    'offered',
    'received',
    'inReview',
    'pending',
  ].concat(['possible', 'planned', 'invited', 'requested', 'onDuty', 'week']),
}

export function toneOf(code: string): Tone {
  for (const tone of ['good', 'warn', 'bad', 'info'] as const) {
    if (TONES[tone].includes(code)) return tone
  }
  return 'neutral'
}
