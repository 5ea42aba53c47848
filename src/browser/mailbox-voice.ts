/**
 * In a reporter's mailbox: how to be thanked, and appeals. The name is sent readable,
 * because it is meant to be public; the words of an appeal are sealed like any message.
 */
import { byId, onClick, say, textOn } from './page-parts.ts'

export type Voice = {
  readonly credit: {
    readonly shownAs: string
    readonly name: string
    readonly roles: readonly string[]
    readonly isAgreed: boolean
    readonly creditId: string | null
  } | null
  readonly appeals: readonly {
    readonly about: string
    readonly on: string
    readonly dueOn: string
    readonly outcome: string | null
    readonly decidedOn: string | null
    readonly reasons: string | null
    readonly answerBy: string | null
    readonly escalated: { readonly body: string; readonly address: string } | null
  }[]
  readonly mayAppeal: readonly string[]
}

/** What the mailbox does for this part of it. */
type Mail = {
  choose(shownAs: string, name: string): Promise<void>
  appeal(about: string, text: string): Promise<void>
  readonly certificate: string
}

const SHOWN_AS = ['nothing', 'name', 'pseudonym']
const SUBJECTS = ['rejection', 'delay', 'credit']
const texts = () => byId('voice-texts')
const written = () => byId<HTMLInputElement>('credit-written')
const words = () => byId<HTMLTextAreaElement>('appeal-text')
const radio = (id: string) => byId<HTMLInputElement>(id)

export function startVoice(mail: Mail): void {
  oneOf(SHOWN_AS.map((as) => radio(`credit-${as}`)))
  oneOf(SUBJECTS.map((about) => radio(`appeal-${about}`)))
  onClick(byId('credit-save'), async () => {
    say('credit-error', '')
    say('credit-state', '')
    const shownAs = SHOWN_AS.find((as) => radio(`credit-${as}`).checked) ?? 'nothing'
    await mail
      .choose(shownAs, shownAs === 'nothing' ? '' : written().value)
      .then(() => say('credit-state', textOn(texts(), 'saved')))
      .catch(() => say('credit-error', textOn(texts(), 'notSaved')))
  })
  onClick(byId('appeal-send'), async () => {
    say('appeal-error', '')
    say('appeal-state', '')
    const about = SUBJECTS.find((one) => radio(`appeal-${one}`).checked)
    if (about === undefined) return radio('appeal-rejection').focus()
    if (words().value.trim() === '') return words().focus()
    await mail
      .appeal(about, words().value)
      .then(() => {
        words().value = ''
        // The form may be gone with this appeal, so it is said where it always is.
        say('mailbox-state', textOn(texts(), 'sent'))
      })
      .catch(() => say('appeal-error', textOn(texts(), 'notSent')))
  })
}

export function showVoice({ credit, appeals, mayAppeal }: Voice, mail: Mail): void {
  showCredit(credit, mail)
  byId('appeals').replaceChildren(...appeals.map(appealItem))
  byId('appeal-form').hidden = mayAppeal.length === 0
  byId('appeal-none').hidden = mayAppeal.length > 0
  for (const about of SUBJECTS) {
    const one = radio(`appeal-${about}`)
    one.disabled = !mayAppeal.includes(about)
    one.checked = mayAppeal.length === 1 && mayAppeal.includes(about)
  }
}

function showCredit(credit: Voice['credit'], { certificate }: Mail): void {
  byId('credit-waiting').hidden = credit !== null
  byId('credit-form').hidden = credit === null
  if (credit === null) return
  const { shownAs, name, roles, isAgreed, creditId } = credit
  for (const as of SHOWN_AS) radio(`credit-${as}`).checked = as === shownAs
  written().value = name
  const list = new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' })
  const forWhat = list.format(roles.map((role) => textOn(texts(), `role${capital(role)}`)))
  say('credit-asked', roles.length === 0 ? '' : filled('asked', { roles: forWhat }))
  say('credit-agreed', isAgreed ? textOn(texts(), 'agreed') : '')
  const link = byId<HTMLAnchorElement>('credit-certificate')
  link.hidden = creditId === null
  if (creditId !== null) link.href = certificate.replace('ID', creditId)
}

function appealItem(appeal: Voice['appeals'][number]): HTMLElement {
  const { about, on, dueOn, outcome, decidedOn, reasons, answerBy, escalated } = appeal
  const item = document.createElement('li')
  const line = (text: string) => {
    const made = document.createElement('p')
    made.textContent = text
    item.append(made)
    return made
  }
  line(textOn(texts(), `about${capital(about)}`))
  if (outcome === null) line(filled('due', { date: on, due: dueOn }))
  else line(filled(`outcome${capital(outcome)}`, { date: decidedOn ?? '' }))
  if (escalated && outcome === null) line(filled('escalated', escalated))
  if (reasons !== null) {
    line(textOn(texts(), 'reasons'))
    const said = line(reasons)
    said.className = 'comity-user-text'
    said.dir = 'auto'
  }
  if (answerBy !== null) line(filled('answerBy', { date: answerBy }))
  return item
}

/** A text of the page, with its places filled. */
function filled(name: string, values: Readonly<Record<string, string>>): string {
  return textOn(texts(), name).replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '')
}

/** Radios without a name, so that no form can send them, exclude nobody by themselves. */
function oneOf(radios: readonly HTMLInputElement[]): void {
  for (const one of radios) {
    one.addEventListener('change', () => {
      for (const other of radios) other.checked = other === one
    })
  }
}

/** As a data attribute is read: written small, but for the first letter. */
function capital(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase()
}
