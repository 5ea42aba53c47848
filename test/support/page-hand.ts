/**
 * An officer at the workspace's pages: signs in by the link, opens the form of an
 * act, fills it in and sends it, and reads the answer. Takes the place of the hand
 * that calls the officers' interface, so that a whole story can be told at pages.
 *
 * What a page shows a person is read from the page. Ids that only programs need
 * are looked up in the case.
 */
import assert from 'node:assert/strict'
import { type Instant, instant } from '../../src/base/time.ts'
import {
  type Answer,
  type Done,
  type Hand,
  type Refused,
  signInLink,
} from '../../src/cli/story/client.ts'
import type { DemoNode } from '../../src/node/demo-setup.ts'
import { localTimeOf } from '../../src/web/form/read-form.ts'
import { fill, formIn, type HtmlForm, sentBy } from './html-form.ts'
import { isInstantField } from './instant-field.ts'

export type PageAnswer = {
  readonly status: number
  readonly html: string
  readonly location: string | undefined
  readonly bytes: Uint8Array
}

export type Workspace = {
  readonly hand: Hand
  get(path: string): Promise<PageAnswer>
  /** `headers`: what a browser would say of where the form came from. */
  send(form: HtmlForm, headers?: Record<string, string>): Promise<PageAnswer>
  /** A form with a file. */
  post?(path: string, body: FormData): Promise<PageAnswer>
}

export async function enterWorkspace(
  node: DemoNode,
  key: string,
  browser: Browser = browserAt(node),
): Promise<Workspace> {
  const officer = node.officers.find((one) => one.key === key)
  assert.ok(officer, `no officer ${key}`)
  const link = await signInLink(node, key)
  const confirm = await browser.get(`/en/officer/sign-in/${link}`)
  assert.equal(confirm.status, 200)
  const entered = await browser.send(formIn(confirm.html, '/sign-in'))
  assert.match(entered.location ?? '', /\/officer\/(cases|sign-in-desk)$/)
  const again = await browser.get(`/en/officer/sign-in/${link}`)
  assert.equal(again.status, 401, 'a link works once')
  return { ...browser, hand: handAt(node, officer, browser) }
}

export type Browser = Omit<Workspace, 'hand'>

/** Keeps the one cookie; follows nothing by itself. */
export function browserAt(node: DemoNode): Browser & Required<Pick<Workspace, 'post'>> {
  let cookie = ''
  const request = async (path: string, init: RequestInit): Promise<PageAnswer> => {
    const headers = { accept: 'text/html', ...(cookie ? { cookie } : {}), ...init.headers }
    const response = await fetch(node.baseUrl + path, {
      ...init,
      headers,
      redirect: 'manual',
    })
    const [set] = response.headers.getSetCookie()
    if (set !== undefined) cookie = set.split(';')[0] ?? ''
    const bytes = new Uint8Array(await response.arrayBuffer())
    const html = new TextDecoder().decode(bytes)
    return {
      status: response.status,
      html,
      bytes,
      location: response.headers.get('location') ?? undefined,
    }
  }
  return {
    get: (path) => request(path, {}),
    post: (path, body) => request(path, { method: 'POST', body, headers: OWN_PAGE }),
    send: (form, headers = OWN_PAGE) =>
      request(form.action, {
        method: 'POST',
        body: sentBy(form),
        headers,
      }),
  }
}

/** As a browser sends a form of a page without referrer. */
export const OWN_PAGE = { origin: 'null', 'sec-fetch-site': 'same-origin' }

function handAt(node: DemoNode, officer: Hand['officer'], browser: Browser): Hand {
  const get = async <T>(path: string) => {
    const { status, html } = await browser.get(`/api/v1${path}`)
    assert.equal(status, 200, `GET ${path}: ${html.slice(0, 200)}`)
    return JSON.parse(html) as T
  }
  const act = (caseId: string, name: string, input: object) =>
    actAtPage({ node, officer, browser, get }, caseId, name, input)
  return {
    officer,
    prove: () => proveAtPage(browser),
    get,
    act,
    async do(caseId, name, input) {
      const answer = await act(caseId, name, input)
      if ('done' in answer) return answer.done
      return assert.fail(`${name} was refused: ${JSON.stringify(answer.refused)}`)
    },
    async mustRefuse(caseId, name, input, why) {
      const answer = await act(caseId, name, input)
      assert.ok('refused' in answer, `${name} was permitted, must be refused: ${why}`)
      assert.equal(answer.refused.why, why, name)
      return answer.refused
    },
    post: (path, body) => postAtPage({ node, officer, browser, get }, path, body),
    async bytes(method, path) {
      if (method === 'GET') return (await browser.get(`/api/v1${path}`)).bytes
      const page = await browser.get(`/en/officer${path}`)
      const make = () => browser.send(formIn(page.html, '/package'))
      let made = await make()
      if (rulesOn(made.html).includes(PROOF_WANTED)) {
        await proveAtPage(browser)
        made = await make()
      }
      if (made.status === 200) return made.bytes
      throw new Error(`package: ${made.status} ${rulesOn(made.html).join()} receiptsNotSealed`)
    },
  }
}

type Desk = {
  readonly node: DemoNode
  readonly officer: Hand['officer']
  readonly browser: Browser
  readonly get: <T>(path: string) => Promise<T>
}

/** A person whose case moved on under the form looks again and sends again. */
const TRIES = 10

async function actAtPage(desk: Desk, caseId: string, name: string, input: object): Promise<Answer> {
  const path = `/en/officer/cases/${caseId}/acts/${name}`
  for (let tries = 0; tries < TRIES; tries++) {
    const page = await desk.browser.get(path)
    assert.equal(page.status, 200, `${path}: ${page.html.slice(0, 300)}`)
    const form = formIn(page.html, `/acts/${name}`)
    fill(form, fieldsOf(name, input, desk.node))
    const sent = await desk.browser.send(form)
    if (sent.status === 409 && rulesOn(sent.html).includes('case:version')) continue
    if (sent.status === 403 && rulesOn(sent.html).includes(PROOF_WANTED)) {
      await proveAtPage(desk.browser)
      continue
    }
    if (sent.status === 409) return { refused: await refusalShown(desk, caseId, sent) }
    assert.ok([200, 303].includes(sent.status), `${name}: ${sent.status} ${errorsOn(sent.html)}`)
    return { done: await doneOf(desk, caseId, name, sent) }
  }
  return assert.fail(`${name}: the case moves on too fast`)
}

const PROOF_WANTED = 'access:stepUpNeeded'

/** As a person of the demonstration does it, in another tab. */
export async function proveAtPage(browser: Browser): Promise<void> {
  const page = await browser.get('/en/officer/step-up')
  const proved = await browser.send(formIn(page.html, '/step-up/demonstration'))
  assert.equal(proved.status, 303, proved.html.slice(0, 300))
}

/** The command as the fields of the form that asks for it. */
function fieldsOf(name: string, input: object, node: DemoNode): Record<string, string | string[]> {
  const { zone } = node.authority
  const fields: Record<string, string | string[]> = {}
  for (const [key, value] of Object.entries(input)) {
    if (key === 'zone' || value === undefined || value === null) continue
    if (name === 'prepareAnswer' && key === 'redactions') fields[key] = redactionLines(value)
    else if (Array.isArray(value))
      fields[key] = key === 'parts' ? JSON.stringify(value) : value.map(plain)
    else if (typeof value === 'object') {
      for (const [entry, inner] of Object.entries(value)) {
        fields[`${key}.${entry}`] = Array.isArray(inner) ? inner.map(plain) : plain(inner)
      }
    } else if (isInstantField(key, value))
      fields[key] = localTimeOf(instant(value) as Instant, zone)
    else fields[key] = plain(value)
  }
  return fields
}

const plain = (value: unknown) =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)

function redactionLines(redactions: readonly { part: number; reason: string }[]): string {
  return redactions.map(({ part, reason }) => `${part}: ${reason}`).join('\n')
}

function rulesOn(html: string): string[] {
  return [...html.matchAll(/<bdi class="comity-code">([^<]*)<\/bdi>/g)].map(([, rule = '']) => rule)
}

function errorsOn(html: string): string {
  return /error-summary__list">([\s\S]*?)<\/ul>/.exec(html)?.[1]?.replaceAll(/<[^>]*>/g, ' ') ?? ''
}

type CaseView = {
  readonly state: {
    readonly version: number
    readonly evidence: {
      readonly exhibits: readonly { readonly exhibitId: string; readonly origin: string }[]
    }
    readonly assistance: {
      readonly items: readonly { readonly request: { readonly requestId: string } }[]
    }
    readonly rights: {
      readonly persons: readonly { readonly personId: string }[]
      readonly reviews: readonly {
        readonly reviewId: string
        readonly subject: { readonly kind: string; readonly id: string }
      }[]
    }
    readonly enforcement: {
      readonly hearings: readonly { readonly measureId: string; readonly endsAt: string }[]
    }
    readonly releases: { readonly permitted: readonly { readonly releaseId: string }[] }
    readonly publications: readonly { readonly trackingId: string }[]
  }
  readonly events: readonly {
    readonly by: string
    readonly event: { readonly type: string } & Partial<Refused>
  }[]
}

/** What a peer or a job adds meanwhile is no answer to us. */
const ownEvents = ({ officer }: Desk, { events }: CaseView) =>
  events.filter(({ by }) => by === officer.id).map(({ event }) => event)

/** The page shows the reasons; the code of the refusal stands in the case. */
async function refusalShown(desk: Desk, caseId: string, page: PageAnswer): Promise<Refused> {
  const view = await desk.get<CaseView>(`/cases/${caseId}`)
  const last = ownEvents(desk, view).findLast(({ why, because }) => why && because)
  assert.ok(last?.why && last.because, 'a refusal is recorded')
  const shown = rulesOn(page.html)
  for (const { rule } of last.because) assert.ok(shown.includes(rule), `the page names ${rule}`)
  return { why: last.why, because: last.because }
}

async function doneOf(desk: Desk, caseId: string, name: string, sent: PageAnswer): Promise<Done> {
  const view = await desk.get<CaseView>(`/cases/${caseId}`)
  const own = ownEvents(desk, view).slice(-1)
  const types = own.map(({ type }) => type)
  const proposed = types.includes('actProposed') ? own[0] : {}
  const result = { ...proposed, ...RESULTS[name]?.(view.state, sent) }
  return { streamId: caseId, events: types, result }
}

const RESULTS: Readonly<
  Record<string, (state: CaseView['state'], sent: PageAnswer) => Record<string, unknown>>
> = {
  sealExhibit: ({ evidence }) => ({ exhibitId: evidence.exhibits.at(-1)?.exhibitId }),
  requestAssistance: ({ assistance }) => ({
    requestId: assistance.items.at(-1)?.request.requestId,
  }),
  prepareAnswer: ({ evidence, rights }) => ({
    exhibitId: evidence.exhibits.findLast(({ origin }) => origin === 'redactedHere')?.exhibitId,
    releaseId: rights.reviews.findLast(({ subject }) => subject.kind === 'release')?.subject.id,
    reviewIds: rights.reviews.slice(-2).map(({ reviewId }) => reviewId),
  }),
  openHearing: ({ enforcement }) => ({ ...enforcement.hearings.at(-1) }),
  recordAffectedPerson: ({ rights }) => ({ personId: rights.persons.at(-1)?.personId }),
  sendNotice: (_, { html }) => ({
    code: /comity-receipt-code"[^>]*>([^<]+)</.exec(html)?.[1]?.trim(),
  }),
  releaseInEmergency: ({ releases }) => ({ releaseId: releases.permitted.at(-1)?.releaseId }),
  releaseToPeer: ({ releases }) => ({ releaseId: releases.permitted.at(-1)?.releaseId }),
  inviteToCase: ({ releases }) => ({ releaseId: releases.permitted.at(-1)?.releaseId }),
  publishAdvisory: ({ publications }) => ({ trackingId: publications.at(-1)?.trackingId }),
}

/** What is done outside cases: admitting, signing an agreement, signing off a pack. */
async function postAtPage(desk: Desk, path: string, body: object): Promise<Answer> {
  if (path === '/cases') return admitAtPage(desk, body as Admission)
  if (path === '/law/sign-offs') {
    const { pack } = body as { readonly pack: string }
    return signOffAtPage(desk, pack)
  }
  const agreement = /^\/agreements\/([^/]+)\/sign$/.exec(path)?.[1]
  if (agreement) return deskForm(desk, '/en/officer/agreements', `/agreements/${agreement}/sign`)
  const [, caseId, proposalId] = /^\/cases\/([^/]+)\/proposals\/([^/]+)\/approve$/.exec(path) ?? []
  if (caseId) return approveAtPage(desk, caseId, `/proposals/${proposalId}/approve`)
  return assert.fail(`there is no page for ${path}`)
}

async function approveAtPage(desk: Desk, caseId: string, part: string): Promise<Answer> {
  const send = async () => {
    const page = await desk.browser.get(`/en/officer/cases/${caseId}/access`)
    return desk.browser.send(formIn(page.html, part))
  }
  let sent = await send()
  if (rulesOn(sent.html).includes(PROOF_WANTED)) {
    await proveAtPage(desk.browser)
    sent = await send()
  }
  assert.ok([200, 303].includes(sent.status), sent.html.slice(0, 300))
  const sealedContact = Buffer.from(sent.bytes).toString('base64')
  return { done: { streamId: caseId, events: ['proposalApproved'], result: { sealedContact } } }
}

/** From the list to the newest version of the pack, where everything it says is to be read. */
async function signOffAtPage(desk: Desk, pack: string): Promise<Answer> {
  const list = await desk.browser.get('/en/officer/law')
  const at = new RegExp(`href="(/en/officer/law/${pack}/[^"/]+)"`).exec(list.html)?.[1]
  assert.ok(at, `the list names ${pack}`)
  return deskForm(desk, at, `${at}/sign-off`)
}

async function deskForm(desk: Desk, at: string, part: string): Promise<Answer> {
  const page = await desk.browser.get(at)
  if (rulesOn(page.html).includes(PROOF_WANTED)) {
    await proveAtPage(desk.browser)
    return deskForm(desk, at, part)
  }
  if (!page.html.includes(part)) {
    // The control is there, disabled with its reason.
    assert.match(page.html, /<button[^>]*disabled(?:="")? aria-disabled="true"/)
    return { refused: { why: 'alreadySignedOff', because: [] } }
  }
  const sent = await desk.browser.send(formIn(page.html, part))
  assert.equal(sent.status, 303, sent.html.slice(0, 300))
  return { done: { streamId: '', events: ['signed'], result: {} } }
}

type Admission = {
  readonly filingId?: string
  readonly title: string
  readonly avid?: object
  readonly answers?: Readonly<Record<string, string>>
}

async function admitAtPage(desk: Desk, command: Admission): Promise<Answer> {
  const { filingId = '', title, avid, answers = {} } = command
  const page = await desk.browser.get(`/en/officer/intake/${filingId}`)
  const form = formIn(page.html, `/intake/${filingId}/admit`)
  const { contact: _, ...rest } = answers
  fill(form, { ...(avid ? { avid: JSON.stringify(avid) } : rest), title })
  const sent = await desk.browser.send(form)
  assert.equal(sent.status, 303, `admit: ${sent.status} ${errorsOn(sent.html)}`)
  const caseId = sent.location?.split('/').at(-1) ?? ''
  return { done: { streamId: caseId, events: ['caseOpened'], result: { caseId } } }
}
