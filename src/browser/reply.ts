/**
 * An officer reads a mailbox and answers. The mailbox's recipient is taken from inside the
 * sealed report, so that a server cannot put another in its place; the answer is sealed to
 * it and to the officers of the roster.
 */
import { fromBase64, toBase64 } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import { unpad } from '../seal/padme.ts'
import { sealTo } from '../seal/seal.ts'
import { type Identity, identitiesHere, openWithAny } from './own-keys.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'
import { readMessage, writeMessage } from './sealed-message.ts'

type Message = {
  readonly on: string
  readonly isFromReporter: boolean
  readonly kind: string
  readonly sealed: string | null
}

const SALT_BYTES = 32
const root = document.getElementById('reply')
if (root) start(root)

function start(page: HTMLElement): void {
  const { origin, inner, formToken, messages } = JSON.parse(textOn(page, 'sealing')) as {
    readonly origin: string
    readonly inner: readonly string[]
    readonly formToken: string
    readonly messages: readonly Message[]
  }
  const text = byId<HTMLTextAreaElement>('text')
  const kind = byId<HTMLSelectElement>('kind')
  let mailboxRecipient = ''
  page.hidden = false
  onClick(byId('open-button'), open)
  onClick(byId('send'), send)

  async function open(): Promise<void> {
    say('open-error', '')
    const keys = await identitiesHere()
    if (!keys || keys.length === 0) return say('open-error', textOn(page, 'noKey'))
    say('reply-state', textOn(page, 'working'))
    try {
      mailboxRecipient = await recipientInside(keys)
    } catch {
      return say('open-error', textOn(page, 'notOpened'))
    } finally {
      say('reply-state', '')
    }
    const items = await Promise.all(messages.map((message) => itemOf(keys, message)))
    byId('messages').replaceChildren(...items)
    byId('opened').hidden = false
    byId('opened-h').focus()
    if (mailboxRecipient !== '') return
    say('open-error', textOn(page, 'noRecipient'))
    byId('send').setAttribute('aria-disabled', 'true')
  }

  async function recipientInside(keys: readonly Identity[]): Promise<string> {
    const response = await fetch(textOn(page, 'report'), { cache: 'no-store' })
    if (!response.ok) throw new Error('not fetched')
    const sealed = new Uint8Array(await response.arrayBuffer())
    const report = parseJson(unpad(await openWithAny(keys, sealed))) as Record<string, unknown>
    const { mailboxRecipient: found } = report
    return typeof found === 'string' ? found : ''
  }

  async function itemOf(keys: readonly Identity[], message: Message): Promise<HTMLElement> {
    const { on, isFromReporter, sealed } = message
    const item = document.createElement('li')
    const head = document.createElement('p')
    head.textContent = `${on}. ${textOn(page, isFromReporter ? 'fromReporter' : 'fromUs')}`
    const body = document.createElement('div')
    body.className = 'comity-user-text'
    body.dir = 'auto'
    body.textContent =
      sealed === null
        ? textOn(page, 'deleted')
        : await openWithAny(keys, fromBase64(sealed))
            .then((opened) => readMessage(opened, origin))
            .catch(() => textOn(page, 'notOpened'))
    item.append(head, body)
    return item
  }

  async function send(): Promise<void> {
    say('send-error', '')
    if (mailboxRecipient === '' || text.value.trim() === '') return text.focus()
    try {
      const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
      const recipients = [mailboxRecipient, ...inner]
      const message = writeMessage(origin, text.value, salt)
      const sealed = await sealTo(recipients, message, { minimumRecipients: 2 })
      const response = await fetch(textOn(page, 'send'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ formToken, kind: kind.value, sealed: toBase64(sealed) }),
      })
      if (!response.ok) throw new Error('not taken')
      text.value = ''
      say('reply-state', textOn(page, 'sent'))
    } catch {
      say('send-error', textOn(page, 'failed'))
    }
  }
}
