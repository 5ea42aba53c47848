/**
 * Messages under construction for the vectors of the HTTP signature profile:
 * every part may be bent before signing, and the signed message after it.
 */
import { nodePrimitives, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { toBase64, utf8 } from '../../src/base/bytes.ts'
import { contentDigest } from '../../src/wire/content-digest.ts'
import { vectorKey } from '../vector-keys.ts'

export type Fields = [name: string, value: string][]

/** A message under construction; every member may be bent before signing. */
export type Draft = {
  method: string
  targetUri: string
  fields: Fields
  body: string
  /** Identifiers of covered components, in order. */
  covered: string[]
  label: string
  parameters: [name: string, value: string | number][]
  seed: Uint8Array
}

export type Vector = {
  says: string
  now?: string
  keys?: object[]
  node?: string
  request: object
  response?: object
  signatureBase?: string
  expect: 'verified' | { reason: string }
}

export const A = vectorKey('a.example/msg1', 0)
export const B = vectorKey('b.example/msg1', 32)
export const NOW = '2027-01-15T08:00:00.000Z'
export const CREATED_S = 1_800_000_000
export const TARGET = 'https://b.example/federation/v1/transactions/0001'
export const BODY = '{"v":1}'
export const NONCE = 'AAECAwQFBgcICQoLDA0ODw'
export const COVERED = ['@method', '@target-uri', 'comity-origin', 'comity-destination']
export const CONTENT = ['content-type', 'content-digest']

export function draft(change: (draft: Draft) => void = () => {}): Draft {
  const made: Draft = {
    method: 'PUT',
    targetUri: TARGET,
    fields: [
      ['comity-origin', 'a.example'],
      ['comity-destination', 'b.example'],
      ['content-type', 'application/json'],
      ['content-digest', contentDigest(nodePrimitives, utf8(BODY))],
    ],
    body: BODY,
    covered: [...COVERED, ...CONTENT],
    label: 'comity',
    parameters: parameters('a.example/msg1'),
    seed: A.seed,
  }
  change(made)
  return made
}

export function parameters(keyId: string): [string, string | number][] {
  return [
    ['created', CREATED_S],
    ['expires', CREATED_S + 300],
    ['nonce', NONCE],
    ['keyid', keyId],
    ['alg', 'ed25519'],
    ['tag', 'comity'],
  ]
}

export const set = (name: string, value: string | number) => (made: Draft) => {
  made.parameters = made.parameters.map(([each, old]) => [each, each === name ? value : old])
}
export const drop = (name: string) => (made: Draft) => {
  made.parameters = made.parameters.filter(([each]) => each !== name)
}
export const field = (name: string, value: string) => (made: Draft) => {
  made.fields = made.fields.map(([each, old]) => [each, each === name ? value : old])
}
export const cover =
  (...covered: string[]) =>
  (made: Draft) => {
    made.covered = covered
  }

export function parametersText({ covered, parameters: given }: Draft): string {
  const identifiers = covered.map(identifier).join(' ')
  const rest = given.map(([name, value]) => {
    return `;${name}=${typeof value === 'number' ? value : `"${value}"`}`
  })
  return `(${identifiers})${rest.join('')}`
}

const identifier = (component: string) => (component.startsWith('"') ? component : `"${component}"`)

export function baseOf(made: Draft): string {
  const values: Record<string, string> = {
    '@method': made.method,
    '@target-uri': made.targetUri,
    '@authority': 'b.example',
    '"@method";req': made.method,
    ...Object.fromEntries(made.fields),
  }
  const lines = made.covered.map((each) => `${identifier(each)}: ${values[each] ?? ''}`)
  return [...lines, `"@signature-params": ${parametersText(made)}`].join('\n')
}

/** Signs what was drafted; `after` bends the finished fields. */
export function request(made: Draft, after: (fields: Fields) => Fields = (fields) => fields) {
  const signature = toBase64(signEd25519(made.seed, utf8(baseOf(made))))
  const fields = after([
    ...made.fields,
    ['signature-input', `${made.label}=${parametersText(made)}`],
    ['signature', `${made.label}=:${signature}:`],
  ])
  return {
    method: made.method,
    targetUri: made.targetUri,
    headers: fields,
    body: toBase64(utf8(made.body)),
  }
}

export const replace = (name: string, change: (value: string) => string) => (fields: Fields) =>
  fields.map(([each, value]): [string, string] => [each, each === name ? change(value) : value])
export const add =
  (name: string, value: string) =>
  (fields: Fields): Fields => [...fields, [name, value]]
export const without = (name: string) => (fields: Fields) =>
  fields.filter(([each]) => each !== name)

export const bad = (
  says: string,
  reason: string,
  made: object,
  rest: Partial<Vector> = {},
): Vector => ({
  says,
  request: made,
  ...rest,
  expect: { reason },
})

export const golden = draft()
export const valid = request(golden)
export const withoutBody = draft((made) => {
  made.method = 'GET'
  made.body = ''
  made.fields = made.fields.slice(0, 2)
  made.covered = COVERED
})
export const otherBody = toBase64(utf8('{"v":2}'))
export const secondInput = `, sig2=${parametersText(golden)}`
export const farFuture = '2027-01-15T08:06:01.000Z'
