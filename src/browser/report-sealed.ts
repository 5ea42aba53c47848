/**
 * The page on which a report is written and sealed. What is written stays in the page's
 * memory, in no storage and in no address, until it is sealed.
 *
 * Whatever goes wrong, it stops and says so: it never sends anything in another way.
 */
import { byId, onClick, say, textOn } from './page-parts.ts'
import type * as SealReport from './seal-report.ts'
import type { Sealed, Sealing, Written } from './seal-report.ts'

type Sealer = typeof SealReport
type Receipt = {
  readonly commitment: string
  readonly sealedDigests: readonly string[]
  readonly filedOn: string
  readonly clocks: readonly { readonly dueOn: string; readonly source: string }[]
}
type Signed = { readonly receipt: Receipt }
type Answer = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** Why it stopped: a text of the page for each. */
type Failure =
  | 'stopLoad'
  | 'stopSeal'
  | 'stopSend'
  | 'stopBusy'
  | 'stopSize'
  | 'stopChanged'
  | 'stopRefused'
  | 'stopReceipt'

class Stop extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure)
    this.failure = failure
  }
}

const root = byId('sealed-report')
const form = byId<HTMLFormElement>('answers')
const sealing = JSON.parse(textOn(root, 'sealing')) as Sealing
const answers = [...form.querySelectorAll<Answer>('[data-answer]')]
const files = byId<HTMLInputElement>('files')
const given = byId<HTMLInputElement>('code-given')
const saved = byId<HTMLInputElement>('code-file')

let loading: Promise<Sealer> | undefined
/** Kept, so that what is sent again is the same and counts once. */
let ready: { readonly code: string; sealed?: Sealed } | undefined

byId('script-needed').hidden = true
root.hidden = false
form.addEventListener('submit', (event) => event.preventDefault())
form.addEventListener('focusin', () => void sealer().catch(() => {}), { once: true })
onClick(byId('to-code'), () => guarded('form-error', toCode))
onClick(byId('copy-code'), copyCode)
onClick(byId('save-code'), async () => save('code.txt', byId('code-sheet').innerText))
onClick(byId('print-code'), async () => globalThis.print())
onClick(byId('back-to-form'), async () => {
  ready = undefined
  show('form')
})
onClick(byId('send-report'), () => guarded('send-error', send))

function sealer(): Promise<Sealer> {
  loading ??= import('./seal-report.ts').catch(() => {
    loading = undefined
    throw new Stop('stopLoad')
  })
  return loading
}

async function guarded(errorId: string, run: () => Promise<void>): Promise<void> {
  say(errorId, '')
  try {
    await run()
  } catch (error) {
    say('send-state', '')
    say(errorId, textOn(root, error instanceof Stop ? error.failure : 'stopSeal'))
  }
}

async function toCode(): Promise<void> {
  if (!isComplete()) return
  const { newCode } = await sealer()
  ready = { code: newCode() }
  say('code', ready.code)
  given.value = ''
  saved.value = ''
  show('code')
}

/** Marks what is missing, first in the order of the page. */
function isComplete(): boolean {
  const wrong = answers.filter((each) => mark(each, isMissing(each)))
  const areFilesWrong = mark(files, !areFilesFine())
  const [first] = areFilesWrong ? [...wrong, files] : wrong
  first?.focus()
  return first === undefined
}

function isMissing({ required, value }: Answer): boolean {
  return required && value.trim() === ''
}

function areFilesFine(): boolean {
  const chosen = [...(files.files ?? [])]
  const all = chosen.reduce((sum, { size }) => sum + size, 0)
  const limit = (name: string) => Number(files.dataset[name])
  const isEachFine = chosen.every(({ size }) => size <= limit('eachMax'))
  return chosen.length <= limit('countMax') && isEachFine && all <= limit('allMax')
}

function mark(control: Answer, isWrong: boolean): boolean {
  say(`${control.id}-error`, isWrong ? textOn(control, 'wrong') : '')
  control.toggleAttribute('aria-invalid', isWrong)
  return isWrong
}

async function copyCode(): Promise<void> {
  await navigator.clipboard.writeText(ready?.code ?? '').then(
    () => say('code-state', textOn(root, 'copied')),
    () => say('code-state', textOn(root, 'notCopied')),
  )
}

async function send(): Promise<void> {
  const { isSameCode, sealReport, bodyOf } = await sealer()
  const now = ready
  if (!now) throw new Stop('stopSeal')
  const typed = given.value || ((await saved.files?.[0]?.text()) ?? '')
  const found = CODE.exec(typed)?.[0] ?? typed
  if (mark(given, !isSameCode(now.code, found))) return given.focus()
  say('send-state', textOn(root, 'sealingNow'))
  now.sealed ??= await sealReport(sealing, written(now.code)).catch(() => {
    throw new Stop('stopSeal')
  })
  const ticket = await ticketFor()
  const body = await bodyOf(now.sealed, ticket).catch(() => {
    throw new Stop('stopSeal')
  })
  say('send-state', textOn(root, 'sendingNow'))
  const signed = await post(body)
  requireReceipt(signed, now.sealed)
  done(now.code, signed)
}

/** In the file that was saved the code stands among words. */
const CODE = /(?:[0-9A-Za-z]{4}-){5}[0-9A-Za-z]{4}/

function written(code: string): Written {
  const said = answers.map((each) => [textOn(each, 'answer'), each.value.trim()] as const)
  const { contact = '', ...rest } = Object.fromEntries(said.filter(([, value]) => value !== ''))
  return { code, answers: rest, contact, files: [...(files.files ?? [])] }
}

async function ticketFor(): Promise<{ ticket: string; workBits: number }> {
  const options = { cache: 'no-store', headers: JSON_ONLY } as const
  const response = await fetch(textOn(root, 'ticket'), options).catch(failedToSend)
  if (!response.ok) throw new Stop(failureOf(response.status))
  return (await response.json()) as { ticket: string; workBits: number }
}

async function post(body: Uint8Array<ArrayBuffer>): Promise<Signed> {
  const headers = { ...JSON_ONLY, 'content-type': 'application/vnd.comity.filing' }
  const options = { method: 'POST', cache: 'no-store', headers, body } as const
  const response = await fetch(textOn(root, 'send'), options).catch(failedToSend)
  if (!response.ok) throw new Stop(failureOf(response.status))
  const { receipt } = (await response.json()) as { receipt: Signed }
  return receipt
}

const JSON_ONLY = { accept: 'application/json' }

function failedToSend(): never {
  throw new Stop('stopSend')
}

function failureOf(status: number): Failure {
  if (status === 503 || status === 429) return 'stopBusy'
  if (status === 413) return 'stopSize'
  if (status === 409) return 'stopChanged'
  return status >= 500 ? 'stopSend' : 'stopRefused'
}

/** A receipt for something else is none. */
function requireReceipt({ receipt }: Signed, { header, digests }: Sealed): void {
  const isOurs = receipt.commitment === header.commitment
  if (!isOurs || receipt.sealedDigests.join() !== digests.join()) throw new Stop('stopReceipt')
}

function done(code: string, signed: Signed): void {
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
    save('filing-accepted.json', JSON.stringify(signed), 'application/json'),
  )
  onClick(byId('save-sheet'), async () => save('report.txt', byId('sheet').innerText))
  onClick(byId('print-sheet'), async () => globalThis.print())
  form.reset()
  ready = undefined
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
function show(step: 'form' | 'code' | 'done'): void {
  for (const name of ['form', 'code', 'done']) byId(`step-${name}`).hidden = name !== step
  byId(`step-${step}-h`).focus()
}
