/**
 * How the story acts: as people do, through the nodes' front doors. An officer
 * signs in with a one-time link and calls the officers' interface; a reporter uses
 * the portal. Nothing here reaches into a node.
 */
import type { Because } from '../../base/decision.ts'
import type { DemoNode, DemoOfficer } from '../../node/demo-setup.ts'

export type Refused = {
  readonly why: string
  readonly because: readonly Because[]
  /** Each thing that stood against it, of an act on several. */
  readonly errors?: readonly { readonly field: string; readonly reason: string }[]
}

export type Done = {
  readonly streamId: string
  readonly events: readonly string[]
  readonly result: Record<string, unknown>
}

export type Answer = { readonly done: Done } | { readonly refused: Refused }

export type Hand = {
  /** Proves anew who it is. By itself a hand does so whenever an act asks for it. */
  prove(): Promise<void>
  /** Asks for an act on a case. Throws for anything but a permit or a lawful no. */
  act(caseId: string, name: string, input: object): Promise<Answer>
  /** Like `act`, for what must be permitted. */
  do(caseId: string, name: string, input: object): Promise<Done>
  /** Like `act`, for what must be refused. */
  mustRefuse(caseId: string, name: string, input: object, why: string): Promise<Refused>
  post(path: string, body: object): Promise<Answer>
  get<T>(path: string): Promise<T>
  bytes(method: 'GET' | 'POST', path: string): Promise<Uint8Array>
  readonly officer: DemoOfficer
}

const REQUEST_MS = 60_000
/** A node that was killed is back within a few seconds; until then a caller waits. */
const RETRY_FOR_MS = 20_000
const RETRY_PAUSE_MS = 200

export async function signIn(
  node: DemoNode,
  key: string,
  { provesWhenAsked = true } = {},
): Promise<Hand> {
  const officer = officerOf(node, key)
  const link = await signInLink(node, key)
  const response = await request(node, 'POST', '/api/v1/sign-in', { link })
  const session = sessionOf(node, officer, cookieIn(response))
  return hand(node, officer, session, provesWhenAsked)
}

function cookieIn({ status, headers }: Response): string {
  const [cookie] = headers.getSetCookie()
  if (status !== 204 || !cookie) throw new Error(`sign-in failed: ${status}`)
  return cookie.split(';')[0] ?? ''
}

/** A one-time secret with which this officer signs in within ten minutes. */
export async function signInLink(node: DemoNode, key: string): Promise<string> {
  const officer = officerOf(node, key).id
  return (await demoCall<{ link: string }>(node, '/sign-in-links', { officer })).link
}

function officerOf(node: DemoNode, key: string): DemoOfficer {
  const officer = node.officers.find((one) => one.key === key)
  if (!officer) throw new Error(`no officer ${key} at ${node.authority.id}`)
  return officer
}

/** Moves case time at a node forward to `offsetMs` ahead of real time. */
export function moveClock(node: DemoNode, offsetMs: number): Promise<unknown> {
  return demoCall(node, '/clock', { offsetMs })
}

export async function caseNowOf(node: DemoNode): Promise<{ caseNow: string; offsetMs: number }> {
  const headers = { 'x-comity-demo': node.secret }
  const response = await request(node, 'GET', '/api/demo/clock', undefined, headers)
  return (await response.json()) as { caseNow: string; offsetMs: number }
}

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Response>

type Session = { readonly call: Call; readonly prove: () => Promise<void> }

/** A proof gives the session a new secret; what was on its way with the old one goes again. */
function sessionOf(node: DemoNode, { key }: DemoOfficer, firstCookie: string): Session {
  let cookie = firstCookie
  let proving: Promise<void> | undefined
  const proveOnce = async () => {
    const link = await signInLink(node, key)
    cookie = cookieIn(await request(node, 'POST', '/api/v1/step-up', { link }, { cookie }))
  }
  return {
    async call(method, path, body) {
      await proving
      const sent = cookie
      const response = await request(node, method, `/api/v1${path}`, body, { cookie })
      if (response.status !== 401 || sent === cookie) return response
      return request(node, method, `/api/v1${path}`, body, { cookie })
    },
    prove() {
      proving ??= proveOnce().finally(() => {
        proving = undefined
      })
      return proving
    },
  }
}

function hand(
  node: DemoNode,
  officer: DemoOfficer,
  { call: callOnce, prove }: Session,
  provesWhenAsked: boolean,
): Hand {
  const call: Call = async (method, path, body) => {
    const response = await callOnce(method, path, body)
    if (!provesWhenAsked || !(await wantsProof(response))) return response
    await prove()
    return callOnce(method, path, body)
  }
  const post = async (path: string, body: object) => answerOf(await call('POST', path, body), path)
  const act = async (caseId: string, name: string, input: object) => {
    const path = `/cases/${caseId}/acts/${name}`
    const askedMs = Date.now()
    try {
      return await post(path, input)
    } catch (error) {
      if (!isLostConnection(error)) throw error
      return (await takenIn(node, officer, { call, caseId, askedMs })) ?? post(path, input)
    }
  }
  return {
    officer,
    prove,
    post,
    act,
    async do(caseId, name, input) {
      const answer = await act(caseId, name, input)
      if ('done' in answer) return answer.done
      throw new Error(`${name} was refused: ${describe(answer.refused)}`)
    },
    async mustRefuse(caseId, name, input, why) {
      const answer = await act(caseId, name, input)
      if ('done' in answer) throw new Error(`${name} was permitted, must be refused: ${why}`)
      if (answer.refused.why === why) return answer.refused
      throw new Error(`${name} was refused for another reason: ${describe(answer.refused)}`)
    },
    async get<T>(path: string) {
      const response = await call('GET', path)
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as T
    },
    async bytes(method, path) {
      const response = await call(method, path, method === 'POST' ? {} : undefined)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return new Uint8Array(await response.arrayBuffer())
    },
  }
}

type Asked = {
  readonly call: Call
  readonly caseId: string
  readonly askedMs: number
}

/**
 * The node died before it had answered. Like a person, look into the case: what it
 * holds of us since then is the answer; if that is nothing, we may ask again.
 */
async function takenIn(
  node: DemoNode,
  { id }: DemoOfficer,
  { call, caseId, askedMs }: Asked,
): Promise<Answer | undefined> {
  const { offsetMs } = await caseNowOf(node)
  const view = (await (await call('GET', `/cases/${caseId}`)).json()) as {
    events: { by: string; at: string; event: { type: string } & Partial<Refused> }[]
  }
  const own = view.events
    .filter(({ by, at }) => by === id && Date.parse(at) >= askedMs + offsetMs)
    .map(({ event }) => event)
  const refused = own.find(({ why, because }) => why && because)
  if (refused?.why && refused.because) {
    return { refused: { why: refused.why, because: refused.because } }
  }
  if (own.length === 0) return undefined
  const events = own.map(({ type }) => type)
  return { done: { streamId: caseId, events, result: Object.assign({}, ...own) } }
}

const PROOF_WANTED = 'stepUpNeeded'

async function wantsProof(response: Response): Promise<boolean> {
  if (response.status !== 403) return false
  return ((await response.clone().json()) as { code?: string }).code === PROOF_WANTED
}

async function answerOf(response: Response, path: string): Promise<Answer> {
  const body = (await response.json()) as {
    value: Done
    code: string
    because: Because[]
    errors?: Refused['errors']
    detail?: string
    field?: string
  }
  if (response.ok) return { done: body.value }
  if (response.status === 409 || body.code === PROOF_WANTED) {
    const { code: why, because, errors } = body
    return { refused: { why, because, ...(errors ? { errors } : {}) } }
  }
  const where = body.field ? ` at ${body.field}` : ''
  throw new Error(`${path}: ${response.status} ${body.code}${where}: ${body.detail ?? ''}`)
}

function describe({ why, because }: Refused): string {
  return `${why} (${because.map(({ rule, text }) => `${rule}: ${text}`).join('; ')})`
}

async function demoCall<T>(node: DemoNode, path: string, body: object): Promise<T> {
  const headers = { 'x-comity-demo': node.secret }
  const response = await request(node, 'POST', `/api/demo${path}`, body, headers)
  if (!response.ok) throw new Error(`demo ${path}: ${response.status}`)
  return (await response.json()) as T
}

export async function request(
  node: DemoNode,
  method: string,
  path: string,
  body?: object | FormData,
  headers: Record<string, string> = {},
): Promise<Response> {
  const isForm = body instanceof FormData
  const init: RequestInit = {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(body && !isForm ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
  }
  const until = performance.now() + RETRY_FOR_MS
  while (true) {
    try {
      const signal = AbortSignal.timeout(REQUEST_MS)
      return await wholeResponse(await fetch(`${node.baseUrl}${path}`, { ...init, signal }))
    } catch (error) {
      // Safe to repeat: what nobody took in, and what changes nothing.
      const isSafe = errorCode(error) === REFUSED || (method === 'GET' && isLostConnection(error))
      if (!isSafe || performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS))
    }
  }
}

/** Read to its end here, so that a connection that breaks in the middle is noticed here. */
async function wholeResponse(response: Response): Promise<Response> {
  const { status, headers } = response
  const body = await response.arrayBuffer()
  return new Response(body.byteLength > 0 ? body : null, { status, headers })
}

const REFUSED = 'ECONNREFUSED'
const LOST = [REFUSED, 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

function isLostConnection(error: unknown): boolean {
  return LOST.includes(errorCode(error) ?? '')
}

function errorCode(error: unknown): string | undefined {
  return (error as { cause?: { code?: string } }).cause?.code
}
