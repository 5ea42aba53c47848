/** The notice beside the copy of a closed log. */
import { equalBytes } from '../base/bytes.ts'
import { unverified } from '../base/errors.ts'
import type { Checkpoint } from '../proof/checkpoint.ts'
import type { Primitives } from '../proof/primitives.ts'
import { parseSignedNote } from '../proof/signed-note.ts'
import type { MessageKey } from './http-signature.ts'
import { type LogCopy, NOTICE } from './log-copy-file.ts'
import { type LogNotice, parseLogNotice, verifyLogNotice } from './log-notice.ts'
import type { ReportWriter } from './package/report.ts'

export async function checkNotice(
  primitives: Primitives,
  report: ReportWriter,
  copy: LogCopy,
  head: Checkpoint,
  { messageKeys }: { readonly messageKeys?: readonly MessageKey[] | undefined },
  file: string,
): Promise<LogNotice | undefined> {
  const bytes = await copy.read(NOTICE)
  if (!bytes) return undefined
  const outcome = await noticeIn(primitives, bytes, messageKeys)
  return report.check('logNotice', (checking) =>
    checking.attempt(file, () => {
      checking.looked(file)
      const notice = outcome()
      const { closed, opened, at } = notice
      const isSameSize = closed.treeSize === head.treeSize
      if (closed.origin !== head.origin) throw unverified('the notice is of another log')
      if (closed.treeSize < head.treeSize) throw unverified('the log went on after its notice')
      if (isSameSize && !equalBytes(closed.rootHash, head.rootHash)) {
        throw unverified('the notice names another root at this size')
      }
      const lost = isSameSize ? '' : `; entries from ${head.treeSize} on are not in this copy`
      checking.found(`closed at size ${closed.treeSize}, ${at}, followed by ${opened.name}${lost}`)
      return notice
    }),
  )
}

/** By the keys of that time: which of them was revoked since is for the reader of today. */
async function noticeIn(
  primitives: Primitives,
  bytes: Uint8Array,
  keys: readonly MessageKey[] | undefined,
): Promise<() => LogNotice> {
  try {
    if (!keys) throw unverified('no published key was given: whose notice this is cannot be told')
    const { at } = parseLogNotice(primitives, parseSignedNote(bytes, NOTICE).text)
    const notice = await verifyLogNotice(primitives, bytes, () => keys, at)
    return () => notice
  } catch (error) {
    return () => {
      throw error
    }
  }
}
