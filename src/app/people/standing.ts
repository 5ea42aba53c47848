/** How the people of this node stand now: the authority stream, with the notes that it names. */
import { invariant } from '../../base/errors.ts'
import { growingFold } from '../../base/growing-fold.ts'
import type { AuthorityEvent } from '../../core/authority/authority.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import { noteDigest, type SaltedNote } from '../../core/people/note.ts'
import { foldStanding, noStanding, type Standing, withNotes } from '../../core/people/standing.ts'
import type { Kernel } from '../kernel.ts'
import type { AnyEvent } from '../ports/streams.ts'

type Reading = Pick<Kernel, 'streams' | 'staff' | 'primitives' | 'authorityStreamId'>

export async function readStanding(kernel: Reading): Promise<Standing> {
  const stream = await kernel.streams.read(kernel.authorityStreamId)
  invariant(stream, 'every node has an authority stream')
  return standingFrom(kernel, stream.history)
}

export async function standingFrom(
  kernel: Pick<Reading, 'staff' | 'primitives'>,
  history: readonly Recorded<AnyEvent>[],
): Promise<Standing> {
  const standing = foldGrowing(history as readonly Recorded<AuthorityEvent>[])
  const isOpen = standing.conflicts.some(({ endedAt }) => endedAt === null)
  return isOpen ? withNotes(standing, await trueNotes(kernel)) : standing
}

const foldGrowing = growingFold(foldStanding, noStanding)

/** A note that does not give the digest it is kept under was changed: it opens nothing. */
export async function trueNotes({
  staff,
  primitives,
}: Pick<Reading, 'staff' | 'primitives'>): Promise<ReadonlyMap<string, SaltedNote>> {
  const kept = await staff.notes()
  const { sha256 } = primitives
  return new Map([...kept].filter(([digest, note]) => noteDigest(note, sha256) === digest))
}
