/**
 * The script inside the page that checks a proof of filing. The page is one file: it loads
 * nothing and sends nothing, and it checks by the code that `comity verify` uses.
 *
 * Whom it trusts stands on the page, as the authority gave it, or in a file that the reader
 * chooses. It cannot tell whether that trust is well placed.
 */

import { utf8 } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { parsePolicy } from '../proof/policy.ts'
import type { EventOpening } from '../wire/event-opening.ts'
import type { Check, Report } from '../wire/package/report.ts'
import { verifyFilingFile } from '../wire/verify-filing.ts'
import { byId, say, textOn } from './page-parts.ts'
import { browserPrimitives } from './primitives.ts'

/** A receipt is far smaller. */
const FILE_BYTES_MAX = 1024 * 1024

const root = byId('check')
const receipt = byId<HTMLInputElement>('receipt-file')
const policyFile = byId<HTMLInputElement>('policy-file')
byId('script-needed').hidden = true
root.hidden = false
for (const control of [receipt, policyFile]) control.addEventListener('change', () => void run())
byId('print').addEventListener('click', () => globalThis.print())

async function run(): Promise<void> {
  byId('result').hidden = true
  say('verdict', '')
  say('wrong', '')
  const [file] = receipt.files ?? []
  if (!file) return
  const policy = await policyHere().catch(() => undefined)
  if (!policy) return say('wrong', textOn(root, 'badPolicy'))
  try {
    if (file.size > FILE_BYTES_MAX) throw new ComityError('malformed', 'too large')
    const bytes = new Uint8Array(await file.arrayBuffer())
    const given = byId('key-opening').textContent ?? ''
    const key = given === '' ? undefined : (parseJson(utf8(given)) as unknown as EventOpening)
    show(verifyFilingFile(browserPrimitives, bytes, { policy, key }))
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    say('wrong', textOn(root, 'unusable'))
  }
}

async function policyHere() {
  const [own] = policyFile.files ?? []
  const text = own ? await own.text() : (byId('policy').textContent ?? '')
  say('whose-policy', own ? textOn(root, 'ownPolicy') : '')
  return parsePolicy(browserPrimitives, utf8(text))
}

function show({ verdict, subject, about, clock, checks }: Report): void {
  const isAccepted = subject === 'filing-accepted'
  const said = verdict === 'verified' ? (isAccepted ? 'accepted' : 'verified') : 'failed'
  say('verdict', textOn(root, said))
  byId('verdict').dataset['verdict'] = verdict
  say('simulated', clock?.simulatedClock ? textOn(root, 'simulated') : '')
  const facts = new Map(about)
  byId('facts').replaceChildren(
    ...pair(textOn(root, 'node'), facts.get('node') ?? ''),
    ...pair(textOn(root, 'filedOn'), facts.get('filed on') ?? ''),
  )
  byId('checks').replaceChildren(...checks.map(checkOf))
  const result = byId('result')
  result.hidden = false
  result.focus()
}

function checkOf({ id, ok, detail, failures }: Check): HTMLElement {
  const name = id.charAt(0).toUpperCase() + id.slice(1)
  const item = element('li', '')
  const mark = element(
    'strong',
    `${ok ? '\u2713' : '\u2717'} ${textOn(root, ok ? 'holds' : 'holdsNot')}`,
  )
  mark.className = ok ? 'holds' : 'fails'
  const list = element('dl', '')
  const found = ok ? detail : failures.map(({ message }) => message).join('; ')
  const machine = pair(textOn(root, 'found'), found)
  // What the checking code found is said in English only.
  for (const one of machine.slice(1)) one.lang = 'en'
  list.append(
    ...machine,
    ...pair(textOn(root, 'proves'), textOn(root, `check${name}Proves`)),
    ...pair(textOn(root, 'provesNot'), textOn(root, `check${name}ProvesNot`)),
  )
  item.append(element('h3', textOn(root, `check${name}`)), mark, list)
  return item
}

function pair(term: string, value: string): HTMLElement[] {
  return [element('dt', term), element('dd', value)]
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
