/** Packages with events of an older form: checked as they were signed, folded as they read today. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASE_ID, type Draft } from '../../../test/support/package-record.ts'
import { failedChecks, requireFailure } from '../../../test/support/package-report.ts'
import { buildPackage, logWorld, repacked } from '../../../test/support/package-world.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { textFromUtf8, utf8 } from '../../base/bytes.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { UPCASTERS, type Upcasters } from '../event-versions.ts'
import { readContent } from './content.ts'
import { caseOf } from './derived.ts'
import { readTar } from './tar.ts'
import { verifyPackage } from './verify-package.ts'

const policy = parsePolicy(nodePrimitives, logWorld().policy)
const caseStream = `data/streams/${CASE_ID}.jsonl`

/** Invented: cases were opened with a `heading` once, and exhibits were `seized`. */
const PLANTED: Upcasters = new Map([
  ...UPCASTERS,
  ['caseOpened', [({ heading, ...rest }) => ({ ...rest, title: heading })]],
  ['exhibitSeized', [(old) => ({ ...old, type: 'exhibitSealed' })]],
])

function asItWas(draft: Draft): Draft {
  const { type, title, ...rest } = draft.event as Draft['event'] & { title?: string }
  if (type === 'caseOpened') return { ...draft, event: { type, heading: title, ...rest } as never }
  if (type !== 'exhibitSealed') return draft
  return { ...draft, event: { ...draft.event, type: 'exhibitSeized' } }
}

const today = await buildPackage()
const old = await buildPackage({ change: asItWas, upcasters: PLANTED })

test('a package of old events verifies, and adds up to the same case', () => {
  const text = textFromUtf8(readTar(old).get(caseStream) ?? utf8(''))
  assert.match(text, /"heading":/)
  assert.match(text, /exhibitSeized/)
  const report = verifyPackage(nodePrimitives, old, policy, { upcasters: PLANTED })
  assert.deepEqual(failedChecks(report), [])
  assert.equal(report.verdict, 'verified')
  const archive = (bytes: Uint8Array) => ({ files: readTar(bytes), sealed: new Map() })
  const stateOf = (bytes: Uint8Array) => caseOf(readContent(archive(bytes), PLANTED))
  const before = caseOf(readContent(archive(today)))
  assert.deepEqual(stateOf(old), before)
  assert.ok(before.title.length > 0 && before.evidence.exhibits.length > 0)
})

test('without the step the old event is unknown: nothing is guessed', () => {
  requireFailure(verifyPackage(nodePrimitives, old, policy), 'decisions', caseStream, 2)
})

test('an old event that was rewritten in today’s form is not what was signed', async () => {
  const edited = await repacked(old, (payload) => {
    const text = textFromUtf8(payload.get(caseStream) ?? utf8(''))
    payload.set(caseStream, utf8(text.replace('exhibitSeized', 'exhibitSealed')))
  })
  requireFailure(
    verifyPackage(nodePrimitives, edited, policy, { upcasters: PLANTED }),
    'streams',
    caseStream,
    2,
  )
})

test('an event of a later version is refused by name', async () => {
  const later = await buildPackage({
    change: (draft) =>
      draft.event.type === 'exhibitSealed'
        ? { ...draft, event: { ...draft.event, eventVersion: 2 } as never }
        : draft,
    upcasters: new Map([['exhibitSealed', [(event) => event]]]),
  })
  const report = verifyPackage(nodePrimitives, later, policy)
  assert.equal(report.verdict, 'failed')
  assert.match(JSON.stringify(failedChecks(report)), /newer than this Comity/)
})
