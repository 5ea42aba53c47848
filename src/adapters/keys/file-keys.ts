/** Keys in plain files: what the demo and a first trial use. See file-store.ts. */
import type { NodeKeys } from '../../app/ports/keys.ts'
import { instantFromMs } from '../../base/time.ts'
import { fileStore } from './file-store.ts'
import { openKeys } from './open-keys.ts'

/**
 * Opens the keys in `folder`, or makes them if there is no such folder.
 *
 * @param node the node id; the first message key's id is `<node>/msg1`
 * @throws ComityError as `openKeys`
 */
export function openFileKeys(folder: string, node: string): Promise<NodeKeys> {
  return openKeys({ folder, node, store: fileStore }, instantFromMs(Date.now()))
}
