/**
 * A reporter's mailbox. The code stays here; the mailbox id made of it is sent to find the
 * mailbox, and the key made of it opens the answers. Nothing is kept when the page closes.
 */
import { showVoice, startVoice, type Voice } from './mailbox-voice.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'
import type { Mailbox } from './seal-report.ts'

type Message = {
  readonly id: string
  readonly isFromReporter: boolean
  readonly kind: string
  readonly on: string
  readonly sealed: string | null
}
type Opened = {
  readonly filedOn: string
  readonly acknowledgedOn: string | null
  readonly notOpenedOn: string | null
  readonly clocks: readonly {
    readonly dueOn: string
    readonly source: string
    readonly state: string
  }[]
  readonly messages: readonly Message[]
  readonly contactOpenings: readonly { readonly on: string; readonly basis: string }[]
  readonly acceptedReceipt: object
  readonly sealedReceipt: string | null
  readonly voice: Voice
}

const root = byId('mailbox')
const form = byId<HTMLFormElement>('sign-in')
const codeInput = byId<HTMLInputElement>('code')
const text = byId<HTMLTextAreaElement>('text')
const retaliation = byId<HTMLInputElement>('retaliation')
const { origin, inner } = JSON.parse(textOn(root, 'mailbox')) as {
  readonly origin: string
  readonly inner: readonly string[]
}
const load = () => import('./seal-report.ts')
const mail = {
  certificate: textOn(root, 'certificate'),
  async choose(shownAs: string, name: string) {
    if (!own) return
    await ask('credit', { mailboxId: own.mailboxId, shownAs, name })
    await show(own)
  },
  async appeal(about: string, words: string) {
    if (!own) return
    await sendSealed(own, `appeal${capital(about)}`, words)
    await show(own)
  },
}
let own: Mailbox | undefined
let opened: Opened | undefined

byId('script-needed').hidden = true
root.hidden = false
form.addEventListener('submit', (event) => event.preventDefault())
onClick(byId('open-mailbox'), signIn)
onClick(byId('write'), write)
startVoice(mail)
onClick(byId('save-receipt'), async () => saveReceipt())

async function signIn(): Promise<void> {
  say('mailbox-error', '')
  say('mailbox-state', textOn(root, 'working'))
  try {
    const { mailboxOf } = await load()
    own = mailboxOf(codeInput.value, origin)
    if (!own) return say('mailbox-error', textOn(root, 'notACode'))
    await show(own)
    codeInput.value = ''
    form.hidden = true
    byId('opened').hidden = false
    byId('opened-h').focus()
  } catch (error) {
    const isUnknown = error instanceof Response && error.status === 404
    say('mailbox-error', textOn(root, isUnknown ? 'unknown' : 'failed'))
  } finally {
    say('mailbox-state', '')
  }
}

async function show(mailbox: Mailbox): Promise<void> {
  const { mailboxId } = mailbox
  opened = (await ask('open', { mailboxId })) as Opened
  const { filedOn, acknowledgedOn, notOpenedOn, clocks, messages } = opened
  const state = acknowledgedOn ? 'acknowledged' : notOpenedOn ? 'notOpened' : 'waiting'
  say('filed-on', filedOn)
  say('state', textOn(root, `state${capital(state)}`))
  byId('clocks').replaceChildren(
    ...clocks.map(({ dueOn, source, state }) =>
      element('li', `${dueOn}: ${source}. ${textOn(root, `clock${capital(state)}`)}`),
    ),
  )
  byId('openings').replaceChildren(
    ...opened.contactOpenings.map(({ on, basis }) =>
      element('li', `${on}. ${textOn(root, `told${capital(basis)}`)}`),
    ),
  )
  showVoice(opened.voice, mail)
  byId('no-messages').hidden = messages.length > 0
  const items = await Promise.all(messages.map((message) => itemOf(mailbox, message)))
  byId('messages').replaceChildren(...items)
}

async function itemOf(mailbox: Mailbox, message: Message): Promise<HTMLElement> {
  const { on, kind, isFromReporter, sealed, id } = message
  const item = element('li', '')
  const head = isFromReporter ? '' : ` ${textOn(root, `kind${capital(kind)}`)}`
  item.append(element('p', `${on}${head}`))
  const body = element('div', await textOf(mailbox, message))
  body.className = 'comity-user-text'
  body.dir = 'auto'
  item.append(body)
  if (sealed === null) return item
  const button = element('button', textOn(root, 'deleteIt'))
  button.className = 'govuk-button govuk-button--secondary'
  button.setAttribute('type', 'button')
  onClick(button, async () => {
    await ask('delete', { mailboxId: mailbox.mailboxId, messageId: id })
      .then(() => show(mailbox))
      .catch(() => say('mailbox-state', textOn(root, 'failed')))
  })
  item.append(button)
  return item
}

async function textOf(mailbox: Mailbox, { sealed, isFromReporter }: Message): Promise<string> {
  if (sealed === null) return textOn(root, 'deleted')
  if (isFromReporter) return textOn(root, 'yours')
  const { openAnswer } = await load()
  return openAnswer(mailbox, origin, sealed).catch(() => textOn(root, 'notOpened'))
}

async function write(): Promise<void> {
  say('write-error', '')
  if (!own || text.value.trim() === '') return text.focus()
  try {
    await sendSealed(own, retaliation.checked ? 'retaliation' : 'followUp', text.value)
    text.value = ''
    retaliation.checked = false
    say('mailbox-state', textOn(root, 'written'))
    await show(own)
  } catch {
    say('write-error', textOn(root, 'notWritten'))
  }
}

async function sendSealed(mailbox: Mailbox, kind: string, words: string): Promise<void> {
  const { sealedFollowUp } = await load()
  const response = await fetch(textOn(root, 'ticket'), { cache: 'no-store', headers: JSON_ONLY })
  if (!response.ok) throw response
  const ticket = (await response.json()) as { ticket: string; workBits: number }
  const sealed = await sealedFollowUp({ origin, inner }, words, ticket)
  await ask('write', { mailboxId: mailbox.mailboxId, kind, ...sealed })
}

const JSON_ONLY = { accept: 'application/json' }

async function ask(what: 'open' | 'write' | 'delete' | 'credit', body: object): Promise<unknown> {
  const response = await fetch(textOn(root, what), {
    method: 'POST',
    cache: 'no-store',
    headers: { ...JSON_ONLY, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw response
  return response.json()
}

function saveReceipt(): void {
  const { sealedReceipt, acceptedReceipt } = opened ?? {}
  const link = document.createElement('a')
  link.download = sealedReceipt ? 'filing-sealed.json' : 'filing-accepted.json'
  const words = sealedReceipt ?? JSON.stringify(acceptedReceipt)
  link.href = URL.createObjectURL(new Blob([words], { type: 'application/json' }))
  link.click()
  URL.revokeObjectURL(link.href)
}

function element(name: string, words: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = words
  return made
}

/** As a data attribute is read: written small, but for the first letter. */
function capital(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase()
}
