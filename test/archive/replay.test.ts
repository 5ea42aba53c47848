/** The events of every release, read by this version: the same bytes, the same states. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { fromBase64 } from '../../src/base/bytes.ts'
import type { Json } from '../../src/base/canonical-json.ts'
import { AGREEMENT_EVENT_TYPES } from '../../src/core/agreement/agreement-events.ts'
import {
  type AuthorityEvent,
  type AuthorityState,
  enrolmentOf,
  foldAuthority,
  noAuthority,
} from '../../src/core/authority/authority.ts'
import { CASE_EVENT_TYPES } from '../../src/core/case/case-event-types.ts'
import type { Recorded } from '../../src/core/case/recorded.ts'
import { eventSignatureInput, verifyEventOpening } from '../../src/wire/event-commitment.ts'
import { AUTHORITY_EVENT_FORMS } from '../../src/wire/package/forms.ts'
import {
  type ArchivedEvent,
  archivedVersions,
  differences,
  readArchive,
  statesOf,
} from '../../tools/archived-events.ts'
import { NOT_IN_STORY } from './not-in-story.ts'

const versions = archivedVersions()

test('this version has an archive of its own', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  assert.ok(versions.includes(version), 'node tools/archive-events.ts writes it')
})

test('each type of event of this version is archived, or listed with the reason why not', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const archived = new Set(readArchive(version).events.map(({ envelope }) => envelope.event.type))
  const types = [CASE_EVENT_TYPES, AGREEMENT_EVENT_TYPES, AUTHORITY_EVENT_FORMS].flatMap((known) =>
    Object.keys(known),
  )
  const [missing, needless] = [
    types.filter((type) => !archived.has(type) && !NOT_IN_STORY.has(type)),
    [...NOT_IN_STORY.keys()].filter((type) => archived.has(type) || !types.includes(type)),
  ]
  assert.deepEqual(
    missing,
    [],
    'node tools/archive-events.ts --again, or test/archive/not-in-story',
  )
  assert.deepEqual(needless, [], 'listed although archived, or gone')
})

for (const version of versions) {
  const { events, states } = readArchive(version)

  test(`${version}: the events are those that were signed and logged`, () => {
    const nodes = Map.groupBy(events, ({ envelope }) => envelope.node)
    assert.equal(nodes.size, 3)
    let checked = 0
    for (const own of nodes.values()) {
      const authority = authorityOf(own)
      for (const event of own) {
        verifyEventOpening(
          nodePrimitives,
          fromBase64(event.entry),
          event.envelope,
          fromBase64(event.salt),
        )
        assert.ok(isSigned(authority, event), `${event.envelope.stream} ${event.envelope.version}`)
        checked += 1
      }
    }
    assert.equal(checked, events.length)
    const [first] = events as [ArchivedEvent]
    const forged = { ...first.envelope, by: 'somebody' }
    assert.throws(() =>
      verifyEventOpening(nodePrimitives, fromBase64(first.entry), forged, fromBase64(first.salt)),
    )
  })

  test(`${version}: they add up to what they added up to then`, () => {
    const today = statesOf(events)
    assert.deepEqual(Object.keys(today).sort(), Object.keys(states).sort())
    assert.deepEqual(differences(states as Json, today as Json), [])
    const kinds = new Set(events.map(({ kind }) => kind))
    for (const kind of ['authority', 'agreement', 'case']) assert.ok(kinds.has(kind as 'case'))
    assert.ok(new Set(events.map(({ envelope }) => envelope.event.type)).size >= 40)
  })

  test(`${version}: an event less is noticed, wherever it stood in a case`, () => {
    const own = events.filter(({ kind }) => kind === 'case')
    const stated = statesOf(own)
    const noticed = own.filter((_, index) => {
      try {
        const fewer = statesOf(own.toSpliced(index, 1))
        return differences(stated as Json, fewer as Json).length > 0
      } catch (error) {
        // What follows the missing one does not fold.
        return error instanceof Error && /^invariant broken/.test(error.message)
      }
    })
    assert.ok(noticed.length > own.length * 0.7, `${noticed.length} of ${own.length}`)
  })
}

test('what is stated and gone, or another, is a difference; what is new is none', () => {
  const stated = { a: 1, list: [{ b: null }, 'x'], deep: { c: true } }
  assert.deepEqual(differences(stated, { ...stated, more: 2 }), [])
  const cases: [Json, string][] = [
    [{ list: stated.list, deep: stated.deep }, '/a'],
    [{ ...stated, a: '1' }, '/a'],
    [{ ...stated, list: [{ b: null }] }, '/list'],
    [{ ...stated, list: [{}, 'x'] }, '/list/0/b'],
    [{ ...stated, list: { 0: { b: null }, 1: 'x' } }, '/list'],
    [{ ...stated, deep: null }, '/deep'],
    [{ ...stated, deep: { c: 'true' } }, '/deep/c'],
  ]
  for (const [today, at] of cases) assert.deepEqual(differences(stated, today), [at])
})

function authorityOf(events: readonly ArchivedEvent[]): AuthorityState {
  return events
    .filter(({ kind }) => kind === 'authority')
    .map(({ envelope }) => envelope as unknown as Recorded<AuthorityEvent>)
    .reduce(foldAuthority, noAuthority)
}

/** By the officer's key, or by one of the node's for anyone who is no officer. */
function isSigned(authority: AuthorityState, { envelope, signature }: ArchivedEvent): boolean {
  const enrolment = enrolmentOf(authority, envelope.by, envelope.at)
  const ofNode = authority.documents.flatMap(({ document }) => document.messageKeys)
  const keys = enrolment ? [enrolment.publicKey] : ofNode.map(({ key }) => key)
  const input = eventSignatureInput(envelope)
  return keys.some((key) =>
    nodePrimitives.verifyEd25519(fromBase64(key), input, fromBase64(signature)),
  )
}
