/** What the feed of changes of law tells: versions as they begin, and sign-offs by two officers. */
import { instant } from '../../base/time.ts'
import { packRef } from '../../core/law/pack.ts'
import { changeText, packChanges } from '../../core/law/pack-changes.ts'
import { versionBefore } from '../../core/law/pack-versions.ts'
import { foldSignOffs, isSignedOff, noSignOffs } from '../../core/law/sign-off.ts'
import type { LawFeedEntry } from '../../wire/law-feed.ts'
import { type LawFacts, signOffOf } from './law-pack/presenter.ts'

const TOLD = 20

export function lawFeedEntries(
  facts: Omit<LawFacts, 'messages' | 'today'>,
): readonly LawFeedEntry[] {
  const { packs, versions = packs } = facts.context
  return versions.flatMap((pack): readonly LawFeedEntry[] => {
    const { id, name, version, digest, validFrom } = pack
    const shared = { pack: id, name, version, digest }
    const older = versionBefore(versions, pack)
    const changes = older === undefined ? [] : packChanges(older, pack).map(changeText)
    const more = changes.length > TOLD ? [`and ${changes.length - TOLD} more`] : []
    const summary =
      older === undefined
        ? 'The first version here.'
        : [`Since version ${older.version}:`, ...changes.slice(0, TOLD), ...more].join(' ')
    const begins = {
      kind: 'version' as const,
      ...shared,
      at: instant(`${validFrom}T00:00:00.000Z`),
      summary,
    }
    const at = signedAt(facts, pack)
    if (at === undefined) return [begins]
    const { kind } = signOffOf(facts, pack)
    const by = kind === 'simulated' ? 'Simulated: two officers' : 'Two officers'
    return [begins, { kind: 'signed', ...shared, at, summary: `${by} signed it off.` }]
  })
}

/** When the second officer signed. */
function signedAt({ history }: Pick<LawFacts, 'history'>, pack: Parameters<typeof packRef>[0]) {
  let state = noSignOffs
  for (const recorded of history) {
    state = foldSignOffs(state, recorded)
    if (isSignedOff(state, packRef(pack))) return recorded.at
  }
  return undefined
}
