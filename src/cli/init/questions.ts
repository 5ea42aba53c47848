/**
 * What `comity init` must know, as a list: each question with its help, its rule
 * and what is taken when nothing is said. Asked on a terminal, read line by line
 * from a pipe, or taken from a file; the rules are the same.
 */
import { malformed } from '../../base/errors.ts'
import { isZone } from '../../core/law/calendar.ts'

export type Answers = { readonly [K in (typeof QUESTIONS)[number]['key']]: string }

type Question = {
  readonly key: string
  readonly ask: string
  readonly help: string
  /** Of the answers before it. Without it an answer is needed. */
  readonly usual?: (given: Readonly<Record<string, string>>) => string
  /** Says what is wrong, or nothing. */
  readonly fault: (answer: string) => string | undefined
}

const NODE_ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/
const LEGAL_ORDER = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/
const ORIGIN =
  /^(https:\/\/[a-z0-9.-]+|http:\/\/(127\.0\.0\.1|([a-z0-9-]+\.)*localhost))(:[0-9]{1,5})?$/
const DATABASE =
  /^postgres(ql)?:\/\/([a-z_][a-z0-9_]{0,40}(:[^\s@/]+)?@)?[A-Za-z0-9.-]+(:[0-9]{1,5})?\/[a-z_][a-z0-9_]{0,60}(\?\S*)?$/
const TEXT_MAX = 200

const matches = (pattern: RegExp, fault: string) => (answer: string) =>
  pattern.test(answer) ? undefined : fault

const isText = (answer: string) =>
  answer.length > 0 && answer.length <= TEXT_MAX && !hasControls(answer)
    ? undefined
    : `a text of 1 to ${TEXT_MAX} characters on one line`

const isOrigin = matches(
  ORIGIN,
  'https:// and a host name in lower case, without a path; http:// only to this machine itself',
)

const isPort = (answer: string) =>
  /^[0-9]{1,5}$/.test(answer) && Number(answer) >= 1 && Number(answer) <= 65_535 - PORTS_AFTER
    ? undefined
    : `a number from 1 to ${65_535 - PORTS_AFTER}`

/** Officers, peers and metrics listen on the ports behind the first. */
export const PORTS_AFTER = 3

const QUESTIONS = [
  {
    key: 'id',
    ask: 'Node id',
    help: 'A domain name of the authority, e.g. ai.authority.example. It names the node for ever: in keys, messages and the log.',
    fault: matches(NODE_ID, 'a domain name of at least two labels, in lower case'),
  },
  {
    key: 'name',
    ask: 'Name of the authority',
    help: 'As the public and other authorities shall read it.',
    fault: isText,
  },
  {
    key: 'legalOrder',
    ask: 'Legal order',
    help: 'Under which law the authority acts: EU, GB, US-CA, … A folder in law/ must be for it.',
    fault: matches(LEGAL_ORDER, 'two capital letters, and a region if need be: EU, GB, US-CA'),
  },
  {
    key: 'zone',
    ask: 'Time zone',
    help: 'In which the authority counts its days and deadlines.',
    usual: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    fault: (zone) => (isZone(zone) ? undefined : 'an IANA time zone, e.g. Europe/Brussels'),
  },
  {
    key: 'profile',
    ask: 'Profile',
    help: 'production: for real cases. training: for exercises; says so on every page and message, and production nodes refuse its messages. It cannot be changed afterwards.',
    usual: () => 'production',
    fault: matches(/^(production|training)$/, 'production or training'),
  },
  {
    key: 'publicUrl',
    ask: 'Address for the public',
    help: 'Where people report and read, as they write it in a browser.',
    usual: ({ id }) => `https://${id}`,
    fault: isOrigin,
  },
  {
    key: 'officersUrl',
    ask: 'Address for officers',
    help: 'Another host name: passkeys belong to it. Reachable from the inner network only, if you can.',
    usual: ({ id }) => `https://officers.${id}`,
    fault: isOrigin,
  },
  {
    key: 'federationUrl',
    ask: 'Address for other nodes',
    help: 'Where peers deliver messages.',
    usual: ({ id }) => `https://federation.${id}`,
    fault: isOrigin,
  },
  {
    key: 'firstPort',
    ask: 'First port',
    help: 'The node listens on this machine (127.0.0.1) on this port and the next three: public, officers, peers, metrics. A reverse proxy stands in front.',
    usual: () => '7421',
    fault: isPort,
  },
  {
    key: 'databaseUrl',
    ask: 'Database',
    help: 'A PostgreSQL server, 17 or later, and the name of the database. Roles and their passwords are made up, unless the URL names a role; database.sql then creates them.',
    usual: () => 'postgres://127.0.0.1/comity',
    fault: matches(DATABASE, 'postgres://host/database, with lower-case letters in the names'),
  },
  {
    key: 'escalationBody',
    ask: 'Who hears complaints',
    help: 'The body to which a person turns who is not content with the authority. It stands on every receipt.',
    fault: isText,
  },
  {
    key: 'escalationAddress',
    ask: 'Its address',
    help: 'How that body is reached.',
    fault: isText,
  },
] as const satisfies readonly Question[]

/**
 * Answers from a file or object.
 *
 * @throws ComityError `malformed` naming the member: unknown, missing, or against its rule
 */
export function answersFrom(given: unknown): Answers {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw malformed('the answers are a list of names and values')
  }
  const known = new Set<string>(QUESTIONS.map(({ key }) => key))
  for (const [key, value] of Object.entries(given)) {
    if (!known.has(key)) throw malformed(`${key}: nobody asks for this`, { field: key })
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw malformed(`${key}: a text is needed`, { field: key })
    }
  }
  const answers: Record<string, string> = {}
  for (const question of QUESTIONS as readonly Question[]) {
    const said = (given as Record<string, unknown>)[question.key]
    const answer = said === undefined ? question.usual?.(answers) : String(said)
    if (answer === undefined) throw malformed(`${question.key} is missing`, { field: question.key })
    const fault = question.fault(answer)
    if (fault) throw malformed(`${question.key}: ${fault}`, { field: question.key })
    answers[question.key] = answer
  }
  requireApart(answers as Answers)
  return answers as Answers
}

export type Dialogue = {
  write(text: string): void
  /** The next line, or undefined if there is none. */
  readLine(): Promise<string | undefined>
  /** Whether someone is there to be asked again. */
  readonly isPerson: boolean
}

/** @throws ComityError `malformed` if a pipe ends too early or gives a bad answer */
export async function askAll(dialogue: Dialogue): Promise<Answers> {
  const answers: Record<string, string> = {}
  for (const question of QUESTIONS) answers[question.key] = await ask(dialogue, question, answers)
  return answersFrom(answers)
}

async function ask(
  { write, readLine, isPerson }: Dialogue,
  { key, ask: text, help, usual, fault }: Question,
  before: Readonly<Record<string, string>>,
): Promise<string> {
  const otherwise = usual?.(before)
  write(`\n${help}\n`)
  for (;;) {
    write(`${text}${otherwise === undefined ? '' : ` [${otherwise}]`}: `)
    const line = (await readLine())?.trim()
    if (line === undefined) throw malformed(`${key}: there is no answer`, { field: key })
    const answer = line === '' ? otherwise : line
    const wrong = answer === undefined ? 'an answer is needed' : fault(answer)
    if (answer !== undefined && wrong === undefined) return answer
    if (!isPerson) throw malformed(`${key}: ${wrong}`, { field: key })
    write(`  ${wrong}\n`)
  }
}

/** Different doors are different origins: a page of one must not act in the name of another. */
function requireApart({ publicUrl, officersUrl, federationUrl }: Answers): void {
  if (new Set([publicUrl, officersUrl, federationUrl]).size < 3) {
    throw malformed('the three addresses must differ', { field: 'officersUrl' })
  }
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text)
}
