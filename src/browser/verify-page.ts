/**
 * The part of the public page on verification that verifies here: takes files or a folder
 * and a policy, and shows the report. What verifies is loaded when somebody comes near
 * it; from then on the page asks nothing of any network, and it never sends anything.
 */
import type { Check, Report } from '../wire/package/report.ts'
import { byId, say, textOn } from './page-parts.ts'

const FAILURES_SHOWN = 10

const root = byId('verify-here')
const files = byId<HTMLInputElement>('verify-files')
const folder = byId<HTMLInputElement>('verify-folder')
const policyFile = byId<HTMLInputElement>('verify-policy')
const progress = byId<HTMLProgressElement>('verify-progress')
let loading: Promise<typeof import('./verify-here.ts')> | undefined
let turn = 0

const load = () => {
  loading ??= import('./verify-here.ts').then((loaded) => {
    root.dataset['loaded'] = 'yes'
    return loaded
  })
  return loading
}

byId('verify-script-needed').hidden = true
root.hidden = false
for (const near of ['focusin', 'pointerover']) root.addEventListener(near, () => void load())
// What was chosen last is checked; the other choice is taken back.
files.addEventListener('change', () => choose(folder))
folder.addEventListener('change', () => choose(files))
policyFile.addEventListener('change', () => void run())
byId('verify-print').addEventListener('click', () => globalThis.print())

function choose(other: HTMLInputElement): void {
  other.value = ''
  void run()
}

async function run(): Promise<void> {
  turn += 1
  const mine = turn
  byId('verify-result').hidden = true
  say('verify-wrong', '')
  const chosen = [...(files.files ?? [])]
  const inFolder = [...(folder.files ?? [])]
  if (chosen.length + inFolder.length === 0) return
  say('verify-state', textOn(root, 'working'))
  const { readPolicy, checkFiles, checkFolder } = await load()
  const policy = readPolicy(await policyBytes())
  if (!policy) return wrong(mine, 'badPolicy')
  // The words above are seen before long work begins.
  await new Promise((resolve) => setTimeout(resolve))
  const report = await (inFolder.length > 0
    ? checkFolder(inFolder, policy, (entries, ofEntries) => showProgress(mine, entries, ofEntries))
    : checkFiles(chosen, policy))
  if (!report) return wrong(mine, 'unusable')
  if (mine === turn) show(report)
}

async function policyBytes(): Promise<Uint8Array> {
  const [own] = policyFile.files ?? []
  say('verify-whose', own ? textOn(root, 'ownPolicy') : '')
  return own
    ? new Uint8Array(await own.arrayBuffer())
    : new TextEncoder().encode(textOn(root, 'policy'))
}

function wrong(mine: number, what: 'badPolicy' | 'unusable'): void {
  if (mine !== turn) return
  done()
  say('verify-wrong', textOn(root, what))
}

function showProgress(mine: number, entries: number, ofEntries: number): void {
  if (mine !== turn) return
  progress.hidden = false
  progress.max = ofEntries
  progress.value = entries
}

function done(): void {
  progress.hidden = true
  say('verify-state', '')
}

function show({ verdict, about, checks }: Report): void {
  done()
  const shown = byId('verify-verdict')
  shown.dataset['verdict'] = verdict
  shown.replaceChildren(element('bdi', verdict), ` – ${textOn(root, verdict)}`)
  byId('verify-about').replaceChildren(
    ...about.map(([label, value]) => row(label, value, { term: 'en' })),
  )
  byId('verify-checks').replaceChildren(...checks.map(checkOf))
  const result = byId('verify-result')
  result.hidden = false
  result.focus()
}

function checkOf({ ok, title, detail, proves, doesNotProve, failures }: Check): HTMLElement {
  const item = element('li', '')
  const mark = ok ? `\u2713 ${textOn(root, 'holds')}` : `\u2717 ${textOn(root, 'holdsNot')}`
  const heading = inEnglish(element('h4', title))
  heading.className = 'govuk-heading-s govuk-!-margin-bottom-1'
  const said = element('strong', mark)
  said.className = `comity-tag comity-tag--${ok ? 'good' : 'bad'}`
  const facts = element('dl', '')
  facts.className = 'comity-facts'
  const shown = failures.slice(0, FAILURES_SHOWN).map(({ file, message }) => `${file}: ${message}`)
  const more = failures.length > shown.length ? [`+ ${failures.length - shown.length}`] : []
  facts.append(
    row(textOn(root, 'found'), ok ? detail : [...shown, ...more].join('; ')),
    row(textOn(root, 'proves'), proves),
    row(textOn(root, 'provesNot'), doesNotProve),
  )
  item.append(heading, said, facts)
  return item
}

/** What the verifier says is said in English only. */
function row(term: string, value: string, { term: lang }: { term?: string } = {}): HTMLElement {
  const made = element('div', '')
  const name = element('dt', term)
  if (lang) inEnglish(name)
  made.append(name, inEnglish(element('dd', value)))
  return made
}

function inEnglish(made: HTMLElement): HTMLElement {
  made.lang = 'en'
  made.dir = 'ltr'
  return made
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
