/**
 * Messages that have an effect only where two nodes share a case or an agreement. The test
 * shares nothing with anybody: whatever it says of a case must have no effect.
 */
import { systemRandom } from '../../adapters/random.ts'
import type { Json } from '../../base/canonical-json.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import { type Check, expect, next, type Session, taken } from './check.ts'
import { now } from './talk.ts'

type Content = { readonly [member: string]: Json }

const id = () => systemRandom.uuid()
const HASH = 'ab'.repeat(32)
const SIGNATURE = Buffer.alloc(64, 7).toString('base64')
const LARGE = 2 ** 40

function fileRelease(plaintext: Content, view: Content): Content {
  const name = { mediaType: 'video/mp4', name: 'recording.mp4' }
  return {
    caseId: id(),
    file: { exhibitId: id(), ...name, plaintext },
    release: {
      ...{ releaseId: id(), kind: 'exhibit', agreement: { id: id(), version: 1, digest: HASH } },
      ...{ purpose: 'investigation', legalBasis: 'a conformance test', duties: [] },
      categories: ['exhibitFile'],
      view: { exhibitFile: { ...name, ...view } },
    },
  }
}

const FILE = { digest: HASH, sizeBytes: 1000 }
const { file: WITHOUT_DIGEST, ...REST } = fileRelease(FILE, FILE)

function without(
  requirement: string,
  does: string,
  [type, content]: readonly [string, () => Content],
  reason?: string,
): Check {
  return {
    requirement,
    does,
    async run(session: Session) {
      const forged = await next(session, { type, content: content() })
      const [receipt] = await taken(session, forged)
      const { decision, reason: given } = receipt ?? {}
      const said = `decided ${decision} ${given ?? ''}`.trim()
      expect(decision === 'rejected', said)
      expect(reason === undefined || given === reason, `${said}, not ${reason}`)
    },
  }
}

const unasked = (type: string, content: () => Content) =>
  without('exchange/asked-answers', `${type} that nobody asked for`, [type, content])

export const CONTENT_CHECKS: readonly Check[] = [
  without('exchange/shared-case', 'a release with a file, about a case that is not shared', [
    'release',
    () => fileRelease(FILE, FILE),
  ]),
  without('exchange/shared-case', 'a file above what any node takes', [
    'release',
    () => fileRelease({ digest: HASH, sizeBytes: LARGE }, { digest: HASH, sizeBytes: LARGE }),
  ]),
  without('exchange/shared-case', 'a file whose view says another digest', [
    'release',
    () => fileRelease(FILE, { ...FILE, digest: 'cd'.repeat(32) }),
  ]),
  without(
    'exchange/unknown-type',
    'a release whose file has no digest',
    [
      'release',
      () => ({ ...REST, file: { ...(WITHOUT_DIGEST as object), plaintext: { sizeBytes: 1 } } }),
    ],
    'schema',
  ),
  without(
    'exchange/unknown-type',
    'a release of no category',
    [
      'release',
      () => {
        const made = fileRelease(FILE, FILE)
        return { ...made, release: { ...(made['release'] as object), categories: [] } }
      },
    ],
    'schema',
  ),
  without('exchange/shared-case', 'word of a file that was never released', [
    'fileTransfer',
    () => ({ caseId: id(), releaseId: id(), outcome: 'arrived' }),
  ]),
  unasked('retractionDone', () => ({
    ...{ caseId: id(), releaseId: id(), confirmedAt: addMs(now(), -DAY_MS) },
    ...{ key: 'conformance.example/msg1', signature: SIGNATURE },
  })),
  unasked('erasureAnswer', () => ({
    ...{ caseId: id(), releaseId: id(), answer: 'refused', ground: 'legalHold', law: 'none' },
    ...{ answeredAt: addMs(now(), -DAY_MS), key: 'conformance.example/msg1', signature: SIGNATURE },
  })),
  without('exchange/assistance-answer', 'an answer to a request that nobody made', [
    'assistanceTurnedAway',
    () => ({
      caseId: id(),
      answer: {
        ...{ requestId: id(), answer: 'refused', codes: ['other'], regime: null },
        reasons: 'a conformance test',
      },
    }),
  ]),
  without('exchange/shared-case', 'a consent that nobody asked for', [
    'onwardConsentAnswer',
    () => ({ caseId: id(), requestId: id(), answer: 'consent' }),
  ]),
]
