/**
 * The page on which a report is written and sealed. What is written stays in the page's
 * memory, in no storage and in no address, until it is sealed.
 *
 * Whatever goes wrong, it stops and says so: it never sends anything in another way.
 */
import { byId, onClick, say, textOn } from './page-parts.ts'
import { drafts as draftsOf } from './report-draft.ts'
import { reportFiles } from './report-files.ts'
import { codePictures, hidePictures } from './report-pictures.ts'
import { progressOf } from './report-progress.ts'
import { type Form, mark, questions as questionsOf } from './report-questions.ts'
import { guarded, JSON_ONLY, postJson, Stop, sendFiling, ticketFrom } from './report-sending.ts'
import type * as SealReport from './seal-report.ts'
import type { Sealed, Sealing, Written } from './seal-report.ts'

type Sealer = typeof SealReport
type Signed = Awaited<ReturnType<typeof sendFiling>>
type Step = 'kind' | 'form' | 'review' | 'draft' | 'code' | 'done'
const STEPS: readonly Step[] = ['kind', 'form', 'review', 'draft', 'code', 'done']
/** In these it stands on the page whether this is the right place. */
const WITH_CHANNEL: readonly Step[] = ['form', 'review', 'code']

const root = byId('sealed-report')
const sealing = JSON.parse(textOn(root, 'sealing')) as Sealing
const questions = questionsOf(JSON.parse(textOn(root, 'forms')) as readonly Form[])
const files = reportFiles(root)
const given = byId<HTMLInputElement>('code-given')
const saved = byId<HTMLInputElement>('code-file')

let loading: Promise<Sealer> | undefined
/** Made once: a draft and its report have the same. */
let code = ''
let hasDraft = false
/** Kept, so that what is sent again is the same and counts once. */
let ready: Sealed | undefined

const drafts = draftsOf(sealer, sealing.origin, (what, body) => {
  const place = { save: 'draftSave', open: 'draftOpen', delete: 'draftDelete' }[what]
  return postJson(textOn(root, place), body)
})

byId('script-needed').hidden = true
root.hidden = false
const form = byId<HTMLFormElement>('answers')
form.addEventListener('submit', (event) => event.preventDefault())
form.addEventListener('focusin', () => void sealer().catch(() => {}), { once: true })
for (const button of root.querySelectorAll<HTMLElement>('[data-kind]')) {
  onClick(button, async () => choose(textOn(button, 'kind')))
}
onClick(byId('other-kind'), async () => show('kind'))
onClick(byId('open-draft'), () => tryTo('draft-error', openDraft))
onClick(byId('to-review'), () => tryTo('form-error', toReview))
onClick(byId('to-draft'), () => tryTo('form-error', toDraft))
onClick(byId('save-draft'), () => tryTo('save-error', saveDraft))
onClick(byId('draft-back'), async () => show('form'))
onClick(byId('to-form'), async () => show('form'))
onClick(byId('to-code'), () => tryTo('review-error', toCode))
onClick(byId('back-to-form'), async () => {
  ready = undefined
  show('form')
})
onClick(byId('send-report'), () => tryTo('send-error', send))
for (const prefix of ['', 'draft-']) {
  const sheet = prefix === '' ? 'code-sheet' : 'draft-sheet'
  onClick(byId(`${prefix}copy-code`), () => copyCode(`${prefix}code-state`))
  onClick(byId(`${prefix}save-code`), async () => save('code.txt', byId(sheet).innerText))
  onClick(byId(`${prefix}print-code`), async () => globalThis.print())
}
codePictures(root)

function sealer(): Promise<Sealer> {
  loading ??= import('./seal-report.ts').catch(() => {
    loading = undefined
    throw new Stop('stopLoad')
  })
  return loading
}

const tryTo = (errorId: string, run: () => Promise<void>) => guarded(root, errorId, run)

function choose(kind: string): void {
  questions.choose(kind)
  const name = root.querySelector(`[data-kind="${kind}"] .comity-kind__name`)
  say('kind-chosen', name?.textContent ?? '')
  for (const each of root.querySelectorAll<HTMLElement>('[data-channel-of]')) {
    each.hidden = textOn(each, 'channelOf') !== kind
  }
  show('form')
}

async function openDraft(): Promise<void> {
  const typed = byId<HTMLInputElement>('draft-code')
  const draft = await drafts.open(typed.value)
  if (!draft) return say('draft-error', textOn(root, 'draftNone'))
  const { kind, ...answers } = draft.answers
  choose(String(kind))
  questions.fill({ ...answers, ...(draft.contact ? { contact: draft.contact } : {}) })
  code = (await sealer()).shownCode(typed.value)
  hasDraft = true
  typed.value = ''
  say('form-state', textOn(root, 'draftOpened'))
}

async function toDraft(): Promise<void> {
  await ownCode()
  say('draft-own-code', code)
  say('draft-state', '')
  show('draft')
}

async function saveDraft(): Promise<void> {
  const { contact = '', ...answers } = questions.said()
  say('draft-state', textOn(root, 'sealingNow'))
  const draft = { answers, contact: String(contact) }
  const until = await drafts.save(code, draft, await ticketFrom(textOn(root, 'ticket')))
  hasDraft = true
  say('draft-state', textOn(root, 'draftSaved').replace('%day%', until))
}

async function ownCode(): Promise<void> {
  const { newCode } = await sealer()
  code ||= newCode()
}

async function toReview(): Promise<void> {
  const isFine = questions.isComplete()
  if (!(await files.areReady()) || !isFine) return
  questions.review(byId('review'), () => show('form'))
  say('review-files', files.names() || textOn(root, 'filesNone'))
  showLaw(String(questions.said()['law'] ?? ''))
  show('review')
}

/** The chosen law stands open, the others are closed. */
function showLaw(law: string): void {
  for (const each of root.querySelectorAll<HTMLDetailsElement>('[data-law]')) {
    each.open = law !== '' && textOn(each, 'law') === law
  }
}

async function toCode(): Promise<void> {
  await ownCode()
  ready = undefined
  say('code', code)
  given.value = ''
  saved.value = ''
  show('code')
}

async function copyCode(stateId: string): Promise<void> {
  await navigator.clipboard.writeText(code).then(
    () => say(stateId, textOn(root, 'copied')),
    () => say(stateId, textOn(root, 'notCopied')),
  )
}

async function send(): Promise<void> {
  const { isSameCode, sealReport, bodyOf } = await sealer()
  const typed = given.value || ((await saved.files?.[0]?.text()) ?? '')
  const found = CODE.exec(typed)?.[0] ?? typed
  if (mark(given, !isSameCode(code, found))) return given.focus()
  say('send-state', textOn(root, 'sealingNow'))
  ready ??= await sealReport(sealing, written(), progressOf('send-progress')).catch(() => {
    throw new Stop('stopSeal')
  })
  const sealed = ready
  const body = await bodyOf(sealed, await ticketFrom(textOn(root, 'ticket'))).catch((error) => {
    throw error instanceof Stop ? error : new Stop('stopSeal')
  })
  say('send-state', textOn(root, 'sendingNow'))
  const signed = await sendFiling(textOn(root, 'send'), body, sealed)
  done(signed, sealed)
  await forgetDraft()
}

/** In the file that was saved the code stands among words. */
const CODE = /(?:[0-9A-Za-z]{4}-){5}[0-9A-Za-z]{4}/

function written(): Written {
  const { contact = '', ...answers } = questions.said()
  return { code, answers, contact: String(contact), files: files.toSeal() }
}

async function forgetDraft(): Promise<void> {
  if (!hasDraft) return
  await drafts.remove(code).then(
    () => say('done-draft', textOn(root, 'draftDeleted')),
    () => say('done-draft', textOn(root, 'draftNotDeleted')),
  )
}

function done(signed: Signed, { statement }: Sealed): void {
  const { receipt } = signed
  say('done-code', code)
  say('done-day', receipt.filedOn)
  byId('done-clocks').replaceChildren(
    ...receipt.clocks.map(({ dueOn, source }) => {
      const item = document.createElement('li')
      item.textContent = `${dueOn}: ${source}`
      return item
    }),
  )
  onClick(byId('save-receipt'), async () =>
    save('filing-accepted.json', JSON.stringify(signed), JSON_ONLY.accept),
  )
  byId('done-statement').hidden = statement === undefined
  onClick(byId('save-statement'), async () =>
    save('filing-statement.json', JSON.stringify(statement), JSON_ONLY.accept),
  )
  onClick(byId('save-sheet'), async () => save('report.txt', byId('sheet').innerText))
  onClick(byId('print-sheet'), async () => globalThis.print())
  form.reset()
  files.clear()
  hidePictures(root)
  ready = undefined
  byId('review').replaceChildren()
  say('code', '')
  given.value = ''
  show('done')
}

function save(name: string, text: string, type = 'text/plain'): void {
  const link = document.createElement('a')
  link.download = name
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.click()
  URL.revokeObjectURL(link.href)
}

/** One step at a time; its heading is read out. */
function show(step: Step): void {
  for (const name of STEPS) byId(`step-${name}`).hidden = name !== step
  byId('channels').hidden = !WITH_CHANNEL.includes(step)
  say('form-state', '')
  byId(`step-${step}-h`).focus()
}
