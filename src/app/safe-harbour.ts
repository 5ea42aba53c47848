/**
 * Safe-harbour statements of this authority, in the stream of its law: drafted by one person,
 * issued by another, read by everybody.
 */
import { type Static, type TObject, Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import { calendarDate, utcDateOf } from '../base/time.ts'
import { type DeskActionGroup, ruleOf } from '../core/access/rules.ts'
import { decideForProposer } from '../core/access/second-person.ts'
import type { Acting, Role } from '../core/case/recorded.ts'
import { packRef } from '../core/law/pack.ts'
import {
  type CitedLaw,
  citableLaws,
  draftSafeHarbour as decideDraft,
  dropSafeHarbourDraft as decideDrop,
  issueSafeHarbour as decideIssue,
  withdrawSafeHarbour as decideWithdraw,
  foldSafeHarbours,
  type IssuedStatement,
  lawKey,
  noSafeHarbours,
  type SafeHarbourDocument,
  type SafeHarbourEvent,
  type SafeHarbours,
  statementOf,
} from '../core/law/safe-harbour.ts'
import { isSignedOff } from '../core/law/sign-off.ts'
import type { EventOpening } from '../wire/event-opening.ts'
import { chosenItems, safeHarbourDigest, safeHarbourVocabulary } from '../wire/safe-harbour.ts'
import { accessContext, type DeskAction, decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import { id, reason } from './acts/fields.ts'
import { openingOf } from './event-openings.ts'
import type { Kernel } from './kernel.ts'

export type SafeHarbourAct = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly action: DeskAction
  readonly input: TObject
  run(kernel: Kernel, input: unknown, acting: Acting): Promise<Decision<ActDone>>
}

const GROUP: DeskActionGroup = 'signOffLaw'
/** Also the ids of legal orders in the packs. */
const legalOrder = Type.String({ pattern: '^[A-Z]{2}(-[A-Z0-9]{1,8})?$' })
const some = (items: readonly { readonly id: string; readonly always?: boolean }[]) =>
  Type.Array(Type.Union(items.filter(({ always }) => !always).map((one) => Type.Literal(one.id))), {
    maxItems: items.length,
    uniqueItems: true,
  })

const draftForm = Type.Object({
  legalOrder,
  scope: Type.String({ minLength: 10, maxLength: 4000 }),
  promises: some(safeHarbourVocabulary.promises),
  conditions: some(safeHarbourVocabulary.conditions),
  laws: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20, uniqueItems: true }),
  validUntilOn: Type.Union([Type.String({ maxLength: 10 }), Type.Null()]),
})

export const SAFE_HARBOUR_ACTS: readonly SafeHarbourAct[] = [
  safeHarbourAct('draftSafeHarbour', draftForm, async (kernel, input, acting) => {
    const laws = (await lawsToCite(kernel)).filter((law) => input.laws.includes(lawKey(law)))
    return (state) => {
      if (laws.length !== input.laws.length) return refuse('unknownLaw', unknownLaw)
      const document = documentOf(kernel, state, input, laws)
      const digest = safeHarbourDigest(kernel.primitives, document)
      const draft = { draftId: kernel.random.uuidByTime(), document, digest }
      return decideDraft(state, draft, { today: utcDateOf(acting.now) }, acting)
    }
  }),
  safeHarbourAct(
    'issueSafeHarbour',
    Type.Object({
      draftId: id,
      digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      confirmed: Type.Literal(true),
    }),
    async (kernel, input, acting) => {
      const context = await accessContext(kernel)
      return (state) => {
        const draft = state.drafts.find(({ draftId }) => draftId === input.draftId)
        const proposed = {
          proposedBy: draft?.officer ?? '',
          proposedAt: draft?.draftedAt ?? acting.now,
        }
        const action = { name: 'draftSafeHarbour', group: GROUP } as const
        const question = { proposed, action, resource: null, context, acting }
        return decideIssue(state, input, { drafterMay: decideForProposer(question) }, acting)
      }
    },
  ),
  safeHarbourAct(
    'dropSafeHarbourDraft',
    Type.Object({ draftId: id, reason }),
    async (_kernel, input) => (state) => decideDrop(state, input),
  ),
  safeHarbourAct(
    'withdrawSafeHarbour',
    Type.Object({ legalOrder, reason, confirmed: Type.Literal(true) }),
    async (_kernel, input, acting) => (state) => decideWithdraw(state, input, acting),
  ),
]

export function findSafeHarbourAct(name: string): SafeHarbourAct | undefined {
  return SAFE_HARBOUR_ACTS.find((act) => act.name === name)
}

export async function readSafeHarbours({
  streams,
  lawStreamId,
}: Pick<Kernel, 'streams' | 'lawStreamId'>): Promise<SafeHarbours> {
  const stream = await streams.read(lawStreamId)
  return stream ? stream.history.reduce(foldSafeHarbours, noSafeHarbours) : noSafeHarbours
}

/** The file that anybody can check; undefined until the witnesses have cosigned it. */
export async function statementOpening(
  kernel: Pick<Kernel, 'streams' | 'lawStreamId' | 'receipts'>,
  { issuedAs }: IssuedStatement,
): Promise<EventOpening | undefined> {
  const stream = await kernel.streams.read(kernel.lawStreamId)
  return stream && openingOf(kernel, stream, issuedAs)
}

/** Laws of the packs in use, of every legal order. */
export async function lawsToCite({ law }: Pick<Kernel, 'law'>): Promise<readonly CitedLaw[]> {
  const { packs, signOffs } = await law.context()
  return citableLaws(packs, (pack) => isSignedOff(signOffs, packRef(pack)))
}

function safeHarbourAct<Schema extends TObject>(
  name: string,
  input: Schema,
  /** Reads what the decision needs, before the stream is locked. */
  prepare: (
    kernel: Kernel,
    input: Static<Schema>,
    acting: Acting,
  ) => Promise<(state: SafeHarbours) => Decision<readonly SafeHarbourEvent[]>>,
): SafeHarbourAct {
  const action: DeskAction = { name, group: GROUP, stepUp: true }
  return {
    ...{ name, action, input },
    roles: ruleOf(GROUP).roles,
    async run(kernel, sent, acting) {
      const access = await decideDeskAccess(kernel, action, acting)
      if (access.decision === 'refuse') return access
      const { acting: inPlace } = access.value
      const decide = await prepare(kernel, sent as Static<Schema>, inPlace)
      return kernel.streams.transact(async (unit) => {
        const stream = await unit.open(kernel.lawStreamId)
        invariant(stream, 'every node has a law stream')
        const decided = decide(stream.history.reduce(foldSafeHarbours, noSafeHarbours))
        if (decided.decision === 'refuse') return decided
        await stream.append(decided.value, acting.officer)
        return permit(actDone(stream, decided.value), ...decided.because)
      })
    },
  }
}

function documentOf(
  { node }: Kernel,
  state: SafeHarbours,
  input: Static<typeof draftForm>,
  laws: readonly CitedLaw[],
): SafeHarbourDocument {
  const before = statementOf(state, input.legalOrder)
  const { promises, conditions, limits } = safeHarbourVocabulary
  const { validUntilOn } = input
  return {
    format: 'comity-safe-harbour-1',
    ...{ node: node.id, authority: node.name, legalOrder: input.legalOrder },
    version: (before?.document.version ?? 0) + 1,
    replaces: before?.digest ?? null,
    lang: 'en',
    scope: input.scope.trim(),
    // Those that always stand are no promise of their own: without a chosen one it is refused.
    promises: input.promises.length === 0 ? [] : chosenItems(promises, input.promises),
    conditions: chosenItems(conditions, input.conditions),
    limits: chosenItems(
      limits,
      limits.map((one) => one.id),
    ),
    vocabulary: { id: safeHarbourVocabulary.id, version: safeHarbourVocabulary.version },
    standsOn: laws.length > 0 ? 'ownPolicyAndLaw' : 'ownPolicy',
    laws,
    channel: `${node.urls.public}/en/report`,
    validUntil: validUntilOn === null ? null : calendarDate(validUntilOn, 'validUntilOn'),
    simulated: node.profile !== 'production',
  }
}

const unknownLaw = {
  rule: 'safeHarbour:law',
  text: 'no law pack in use has such a protection in force; nothing is cited without a source',
}
