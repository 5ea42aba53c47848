/**
 * Recovery of an escrow key by M of N people: its steps, each an event. The shares pass
 * through here sealed; the key comes together in the requester's browser only.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Decision, refuse } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import type { AccessContext } from '../core/access/decide-access.ts'
import { decideForProposer } from '../core/access/second-person.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { EscrowShare, SealingWorkEvent } from '../core/sealing/events.ts'
import {
  cancelRecovery as decideCancel,
  completeRecovery as decideComplete,
  giveShare as decideGive,
  makeEscrow as decideMake,
  requestRecovery as decideRequest,
  type RecoveryRequest,
  SHARES_MAX,
} from '../core/sealing/recovery.ts'
import { accessContext, type DeskAction, decideDeskAccess } from './access.ts'
import type { ActDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import { appended, type BothStreams, inBoth } from './sealing-keys.ts'
import { SEALING_STEPS } from './sealing-steps.ts'

const SEALED_SHARE_MAX = 8192

const HexDigest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const SealedShare = Type.String({
  minLength: 1,
  maxLength: SEALED_SHARE_MAX,
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
})

/** What a browser or `comity keys recovery make` writes about a set of shares. */
export const escrowForm = Type.Object(
  {
    setId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    recipient: Type.String({ maxLength: 2100 }),
    threshold: Type.Integer({ minimum: 1, maximum: SHARES_MAX }),
    shares: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ minimum: 1, maximum: SHARES_MAX }),
          holder: Type.Union([
            Type.Object(
              { officer: Type.String({ maxLength: 100 }) },
              { additionalProperties: false },
            ),
            Type.Object(
              { person: Type.String({ minLength: 1, maxLength: 200 }) },
              { additionalProperties: false },
            ),
          ]),
          digest: HexDigest,
          sealed: Type.Union([SealedShare, Type.Null()]),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: SHARES_MAX },
    ),
  },
  { additionalProperties: false },
)

export type NewEscrow = Omit<Static<typeof escrowForm>, 'shares'> & {
  readonly shares: readonly EscrowShare[]
}

export async function recordEscrow(
  kernel: Kernel,
  made: NewEscrow,
  acting: Acting,
): Promise<Decision<ActDone>> {
  if (!kernel.sealing.isRecipient(made.recipient)) {
    throw malformed('not an age recipient', { field: 'recipient', reason: 'bad-recipient' })
  }
  return step(kernel, SEALING_STEPS.recordEscrow, acting, ({ work }) =>
    decideMake(work.recovery, made, work.facts.officers),
  )
}

export function askForRecovery(
  kernel: Kernel,
  { setId, ground }: { readonly setId: string; readonly ground: string },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const command = { setId, ground, requestId: kernel.random.uuid(), now: kernel.clocks.wireNow() }
  return step(kernel, SEALING_STEPS.askForRecovery, acting, ({ work }) =>
    decideRequest(work.recovery, work.keys, command, acting),
  )
}

export type GiveRecoveryShare = {
  readonly requestId: string
  readonly index: number
  /** Sealed to the requester, base64; null for one that is typed at the requester's desk. */
  readonly sealed: string | null
}

/** Only while the one who asked could still ask: a share given to a leaver opens for a leaver. */
export async function giveRecoveryShare(
  kernel: Kernel,
  command: GiveRecoveryShare,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const context = await accessContext(kernel)
  return step(kernel, SEALING_STEPS.giveShare, acting, ({ work }) => {
    const request = work.recovery.requests.find((one) => one.requestId === command.requestId)
    const asker = request && mayStillAsk(request, context, acting)
    return asker?.decision === 'refuse' ? asker : decideGive(work.recovery, command, acting)
  })
}

/** For a page too. */
export function mayStillAsk(
  { by, at, until }: Pick<RecoveryRequest, 'by' | 'at' | 'until'>,
  context: AccessContext,
  acting: Acting,
): Decision<unknown> {
  const proposed = { proposedBy: by, inPlaceOf: null, proposedAt: at, expiresAt: until }
  const action = SEALING_STEPS.askForRecovery
  const may = decideForProposer({ proposed, action, resource: null, context, acting })
  if (may.decision === 'permit') return may
  const text = 'whoever asked for the key may not do so any more: cancel the request'
  return refuse('requesterMayNot', { rule: 'recovery:requester', text }, ...may.because)
}

export async function cancelKeyRecovery(
  kernel: Kernel,
  asked: { readonly requestId: string; readonly reason: string },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const any = await decideDeskAccess(kernel, SEALING_STEPS.cancelAnyRecovery, acting)
  const mayCancelAny = any.decision === 'permit'
  const action = mayCancelAny ? SEALING_STEPS.cancelAnyRecovery : SEALING_STEPS.cancelOwnRecovery
  return step(kernel, action, acting, ({ work }) =>
    decideCancel(work.recovery, { ...asked, mayCancelAny }, acting),
  )
}

export function completeKeyRecovery(
  kernel: Kernel,
  requestId: string,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return step(kernel, SEALING_STEPS.completeRecovery, acting, ({ work }) =>
    decideComplete(work.recovery, requestId, acting),
  )
}

function step(
  kernel: Kernel,
  action: DeskAction,
  acting: Acting,
  decide: (both: BothStreams) => Decision<readonly SealingWorkEvent[]>,
): Promise<Decision<ActDone>> {
  return inBoth(kernel, async (both) => {
    const access = await decideDeskAccess(kernel, action, acting)
    if (access.decision === 'refuse') return access
    return appended(both.sealing, decide(both), acting.officer)
  })
}
