/** What was made public in words, with all versions: the newest change first. */
import type { Projection } from '../../../app/ports/projection.ts'
import type { PublicTextRow, PublicTexts } from '../../../app/ports/public-texts.ts'
import { instantFromMs } from '../../../base/time.ts'
import type { Database } from '../database.ts'
import { type List, listOf } from './list-rows.ts'

const TEXTS_MAX = 500

export function publicTexts(database: Database): PublicTexts {
  const rows = () => database.selectFrom('p_public_text').selectAll()
  return {
    async all() {
      const found = await rows()
        .orderBy('revised_at', 'desc')
        .orderBy('tracking_id')
        .limit(TEXTS_MAX)
        .execute()
      return found.map(textOf)
    },
    async find(trackingId) {
      const row = await rows().where('tracking_id', '=', trackingId).executeTakeFirst()
      return row && textOf(row)
    },
  }
}

type Found = {
  readonly tracking_id: string
  readonly kind: PublicTextRow['kind']
  readonly is_withdrawn: boolean
  readonly published_at: Date
  readonly revised_at: Date
  readonly revisions: unknown
}

function textOf(row: Found): PublicTextRow {
  return {
    trackingId: row.tracking_id,
    kind: row.kind,
    isWithdrawn: row.is_withdrawn,
    publishedAt: instantFromMs(row.published_at.getTime()),
    revisedAt: instantFromMs(row.revised_at.getTime()),
    revisions: row.revisions as PublicTextRow['revisions'],
  }
}

export function publicTextList(texts: Projection['publicTexts']): List {
  return listOf(
    'p_public_text',
    texts,
    ({ trackingId }) => ({ tracking_id: trackingId }),
    ({ kind, isWithdrawn, publishedAt, revisedAt, revisions }) => ({
      ...{ kind, is_withdrawn: isWithdrawn, published_at: publishedAt, revised_at: revisedAt },
      revisions: JSON.stringify(revisions),
    }),
  )
}
