/**
 * How much room the disk under the node's folder has for reports that are sealed on arrival.
 * What is left is kept for what browsers sealed and for officers' work. It sees one disk: a
 * database on another one is watched by whoever runs that.
 */
import { statfs } from 'node:fs/promises'

/** Below these shares: no file any more, then no report. */
const FILE_SHARE = 0.05
const REPORT_SHARE = 0.02
const KEEP_MS = 10_000

export type IntakeRoom = 'ample' | 'scarce' | 'none'

export function intakeRoom(
  folder: string,
  look: (folder: string) => Promise<number> = freeShare,
  nowMs: () => number = () => performance.now(),
): () => Promise<IntakeRoom> {
  let known: { readonly atMs: number; readonly room: Promise<IntakeRoom> } | undefined
  return () => {
    if (!known || nowMs() - known.atMs > KEEP_MS) {
      known = { atMs: nowMs(), room: look(folder).then(roomOf, () => 'ample') }
    }
    return known.room
  }
}

export function roomOf(share: number): IntakeRoom {
  if (share < REPORT_SHARE) return 'none'
  return share < FILE_SHARE ? 'scarce' : 'ample'
}

async function freeShare(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder)
  return bavail / Math.max(1, blocks)
}
