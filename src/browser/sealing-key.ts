/**
 * Makes an officer's sealing key in the browser and sends its public part with an
 * ordinary form. Says whether the key that the server lists is one that is here, so that
 * a server that lists another key is noticed.
 */
import { makeKey, storedKeys } from './own-keys.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'

const maker = byId('maker')
maker.hidden = false
onClick(byId('make-key'), make)
void compare()
byId('announce-form').addEventListener('submit', keepPrivate)

async function make(): Promise<void> {
  say('make-state', textOn(maker, 'working'))
  try {
    byId<HTMLInputElement>('made-recipient').value = await makeKey()
    byId<HTMLFormElement>('make-form').submit()
  } catch {
    say('make-state', textOn(maker, 'cannot'))
  }
}

/** A private key in the field of the public one is not sent. */
function keepPrivate(event: SubmitEvent): void {
  const field = byId<HTMLInputElement>('recipient')
  const isPrivate = field.value.toUpperCase().includes('AGE-SECRET-KEY')
  if (isPrivate) {
    event.preventDefault()
    field.value = ''
  }
  say('announce-error', isPrivate ? textOn(maker, 'private') : '')
}

async function compare(): Promise<void> {
  const { recipient } = maker.dataset
  if (!recipient) return
  const keys = await storedKeys().catch(() => [])
  const isHere = keys.some((key) => key.recipient === recipient)
  const isInBrowser = maker.dataset['kept'] === 'browser'
  say('key-here', textOn(maker, isHere ? 'here' : isInBrowser ? 'elsewhere' : 'file'))
}
