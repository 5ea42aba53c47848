/** The law that a node has: the packs that are shipped, and the overlay of its Member State. */
import { loadLaw, loadOverlays, withOverlay } from '../adapters/law-packs.ts'
import { malformed } from '../base/errors.ts'
import type { LawPack } from '../core/law/pack.ts'
import type { NodeConfig } from './config.ts'

/**
 * Every version that is loaded. Without a Member State the packs stand as they are: then no
 * authority has a name, and no period of a directive counts.
 *
 * @throws ComityError `malformed` for an overlay that does not load, that is not there, or
 *   that is fictional at a node in production
 */
export function lawOfNode(
  { memberState, profile }: Pick<NodeConfig['node'], 'memberState' | 'profile'>,
  folder: string,
): readonly LawPack[] {
  const { versions } = loadLaw(folder)
  if (memberState === undefined) return versions
  const field = 'node.memberState'
  const found = loadOverlays(folder).find(({ overlay }) => overlay.code === memberState)
  if (found === undefined) {
    throw malformed('no overlay in law/ is for this Member State', { field, reason: 'no-overlay' })
  }
  if (found.overlay.isFictional && profile === 'production') {
    const text = 'a fictional Member State is for exercises, not for a node in production'
    throw malformed(text, { field, reason: 'fictional' })
  }
  return withOverlay(versions, found)
}
