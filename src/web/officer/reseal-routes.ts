/**
 * Sealing again, in batches: the page's script takes the list, fetches sealed bytes, opens
 * and seals them in the browser and sends sealed bytes back. It can stop at any moment:
 * what is left is what the next list holds.
 */
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RESEAL_BATCH_MAX, recordResealed, resealTasks, resealWork } from '../../app/reseal.ts'
import { readSealingKeys } from '../../app/sealing-keys.ts'
import { fromBase64 } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { isFilingPart } from '../../core/sealing/events.ts'
import { currentRoster } from '../../core/sealing/sealing-keys.ts'
import { SEALED_FILE_MAX_BYTES } from '../../wire/intake/filing-upload.ts'
import { problemOfRefusal } from '../../wire/problem.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendFile, sendJson, sendProblemJson } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

/** The largest file that a report takes, sealed, in base64. */
const SEALED_MAX = Math.ceil(SEALED_FILE_MAX_BYTES / 3) * 4
const BODY_MAX = SEALED_MAX + 1024 * 1024
const SKIP_MAX = 1_000_000

const HexDigest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const batchForm = Type.Object({
  roster: HexDigest,
  items: Type.Array(
    Type.Object(
      {
        filingId: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
        part: Type.String({ maxLength: 44 }),
        from: HexDigest,
        content: Type.Union([HexDigest, Type.Null()]),
        sealed: Type.String({ minLength: 100, maxLength: SEALED_MAX }),
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: RESEAL_BATCH_MAX },
  ),
})

export function resealRoutes(server: FastifyInstance, kit: SiteKit): void {
  const get = (
    url: string,
    handler: (
      turn: OfficerTurn,
      request: FastifyRequest,
      reply: FastifyReply,
    ) => Promise<FastifyReply>,
  ) => officerRoute(server, kit, { method: 'GET', url, group: 'sealedReport', handler })
  get(ROUTES.officerReseal, resealPage)
  get(ROUTES.officerResealTasks, async (_turn, request, reply) => {
    const { skip = '0' } = request.query as { readonly skip?: string }
    const count = /^\d{1,7}$/.test(skip) ? Math.min(Number(skip), SKIP_MAX) : 0
    return sendJson(reply, await resealTasks(kit.kernel, count))
  })
  get(ROUTES.officerSealedPart, async (_turn, request, reply) => {
    const { filingId, part } = request.params as {
      readonly filingId: string
      readonly part: string
    }
    const found =
      isUuid(filingId) && isFilingPart(part)
        ? await kit.kernel.filings.sealedPart(filingId, part)
        : undefined
    if (!found) {
      throw malformed('no filing has this part', { field: 'part', reason: 'not-found' })
    }
    const { bytes } = found
    return sendFile(reply, { name: 'part.age', mediaType: 'application/octet-stream', bytes })
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerReseal,
    group: 'sealedReport',
    bodyLimit: BODY_MAX,
    handler: (turn, request, reply) => record(turn, request, reply),
  })
}

async function resealPage(turn: OfficerTurn): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [work, keys, names] = await Promise.all([
    resealWork(kernel),
    readSealingKeys(kernel),
    namesOf(kernel),
  ])
  return turn.page('officer/reseal', {
    left: work.left,
    oldKeys: work.oldKeys.map(({ officer, count }) => ({ name: names.officer(officer), count })),
    roster: currentRoster(keys)?.digest ?? '',
    formToken: turn.signedIn.formToken,
  })
}

async function record(
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { formToken: _, ...sent } = (request.body ?? {}) as { readonly formToken?: unknown }
  if (!Value.Check(batchForm, sent)) throw malformed('not a batch of sealed parts')
  const items = sent.items.map(({ filingId, part, from, content, sealed }) => {
    if (!isUuid(filingId)) throw malformed('not a filing', { field: 'filingId' })
    if (!isFilingPart(part)) throw malformed('not a part of a filing', { field: 'part' })
    return { filingId, part, from, content, bytes: fromBase64(sealed, 'sealed') }
  })
  const decided = await recordResealed(turn.kit.kernel, { roster: sent.roster, items }, turn.acting)
  if (decided.decision === 'refuse') return sendProblemJson(reply, problemOfRefusal(decided))
  const { left } = await resealWork(turn.kit.kernel)
  return sendJson(reply, { ...decided.value.result, left })
}
