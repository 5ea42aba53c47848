/**
 * Makes the evidence package of a case: everything that somebody without access to
 * this node needs to check how it was handled. Refused while an entry of one of its
 * streams waits for the witnesses: a package without proof is none.
 *
 * Making one is itself an event of the case; the package cannot hold that event.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant, unverified } from '../base/errors.ts'
import { addMs } from '../base/time.ts'
import type { WhyNoAccess } from '../core/access/decide-access.ts'
import { attestationsIn } from '../core/attestation/attestation.ts'
import type { CaseState } from '../core/case/case.ts'
import type { EvidencePackageMade } from '../core/case/case-events.ts'
import type { Acting } from '../core/case/recorded.ts'
import { todaysEvent } from '../wire/event-versions.ts'
import { isInPackage } from '../wire/package/check-case.ts'
import { exhibitIdIn, type PackageEvent, type PackageStream } from '../wire/package/content.ts'
import type { SealedFile } from '../wire/package/tar.ts'
import { type PackagePlan, planPackage } from '../wire/package/write-package.ts'
import { askingAbout, decideOnCase } from './access.ts'
import { caseStream, foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { ByteStream } from './ports/exhibits.ts'
import type { StreamView } from './ports/streams.ts'

export type MadePackage = {
  /** As they leave; the exhibits among them come from where they lie. */
  readonly bytes: ByteStream
  readonly sizeBytes: number
  /** SHA-256, lower-case hex. */
  readonly digest: string
}

export const EXPORT_PACKAGE = {
  name: 'exportEvidencePackage',
  group: 'export',
  stepUp: true,
} as const

/** @throws ComityError `malformed` if there is no such case */
export async function exportEvidencePackage(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
): Promise<Decision<MadePackage, WhyNoAccess | 'receiptsNotSealed'>> {
  const view = await caseStream(kernel, caseId)
  const state = foldCaseStream(view.history)
  const asking = await askingAbout(kernel, caseId, acting)
  const access = decideOnCase(state, EXPORT_PACKAGE, asking)
  if (access.decision === 'refuse') return access
  const views = [view, ...(await supportingStreams(kernel, state))]
  const streams = await Promise.all(views.map((each) => packageStream(kernel, each)))
  const waiting = streams.reduce((sum, { unsealed }) => sum + unsealed, 0)
  if (waiting > 0) return notSealed(waiting)

  const plan = await planPackage(
    kernel.primitives,
    {
      node: kernel.node.id,
      caseId,
      ...madeNow(kernel),
      streams: streams.map(({ stream }) => stream),
      exhibits: sealedExhibits(state),
      signatures: await signatureFiles(kernel, views),
      channel: await kernel.channelReceipts.forCase(caseId, state.leadCaseId),
    },
    kernel.keys.messageSigner(),
  )
  // Twice through: once for the digest that goes on record, and once on its way out.
  const digest = await kernel.exhibits.digestOf(bytesOf(kernel, plan))
  const made = { digest, sizeBytes: plan.sizeBytes, bytes: bytesOf(kernel, plan) }
  await recordMaking(kernel, caseId, acting, made)
  return permit(made)
}

async function* bytesOf({ exhibits }: Kernel, { parts }: PackagePlan): ByteStream {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part
    else yield* exactly(part.sizeBytes, await exhibits.sealedBytes(exhibitIdIn(part.path)))
  }
}

/** A file of another size would move everything behind it. */
export async function* exactly(sizeBytes: number, bytes: ByteStream): ByteStream {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    yield chunk
  }
  if (size !== sizeBytes) throw unverified('an exhibit at rest is not what was sealed')
}

function notSealed(waiting: number) {
  const text = `${waiting} entries wait for the cosignatures of the witnesses; try again shortly`
  return refuse('receiptsNotSealed' as const, { rule: 'evidence:sealedReceipt', text })
}

/** One reading of the clocks, so that their difference is exactly the offset. */
function madeNow({ clocks, node }: Kernel) {
  const wireNow = clocks.wireNow()
  const clockOffsetMs = clocks.caseOffsetMs()
  return {
    madeAt: { caseNow: addMs(wireNow, clockOffsetMs), wireNow },
    simulatedClock: node.profile === 'demo' || clockOffsetMs > 0,
    clockOffsetMs,
  }
}

/** Whose keys, which law, which agreements: the streams that the case relies on. */
async function supportingStreams(kernel: Kernel, state: CaseState): Promise<StreamView[]> {
  const ids = [kernel.authorityStreamId, kernel.lawStreamId, ...agreementIds(state)]
  const views = await Promise.all(ids.map((id) => kernel.streams.read(id)))
  return views.filter((view) => view !== undefined).filter(({ history }) => history.length > 0)
}

function agreementIds({ releases }: CaseState): readonly string[] {
  const { permitted, refused, received } = releases
  const named = [...permitted, ...refused, ...received].flatMap(({ agreement }) =>
    agreement === null ? [] : [agreement.id],
  )
  return [...new Set(named)]
}

async function packageStream(
  kernel: Kernel,
  { id, kind, sealedEvents }: StreamView,
): Promise<{ readonly stream: PackageStream; readonly unsealed: number }> {
  invariant(kind !== 'sealing', 'the work on sealing keys never leaves the node')
  invariant(kind !== 'oversight', 'what oversight notes is in no package of a case')
  invariant(kind !== 'erasure', 'what was erased is in no package of another case')
  const events: PackageEvent[] = []
  for (const { envelope, salt, signature, logId } of sealedEvents) {
    const logged = await kernel.receipts.of(logId)
    if (!logged?.receipt) continue
    const { entry, receipt } = logged
    events.push({
      envelope,
      event: todaysEvent(envelope.event),
      salt,
      signature,
      entry,
      receipt,
    })
  }
  return { stream: { id, kind, events }, unsealed: sealedEvents.length - events.length }
}

function sealedExhibits({ evidence }: CaseState): ReadonlyMap<string, SealedFile> {
  const kept = evidence.exhibits.filter(isInPackage)
  return new Map(kept.map(({ exhibitId, digest, sizeBytes }) => [exhibitId, { digest, sizeBytes }]))
}

/** Of the case and of the agreements that it relies on, as far as they are kept. */
async function signatureFiles(
  { attestations }: Kernel,
  views: readonly StreamView[],
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { id, kind, history } of views) {
    if (kind !== 'case' && kind !== 'agreement') continue
    for (const { event } of attestationsIn(history)) {
      if (event.type !== 'signatureAttached') continue
      const bytes = await attestations.keptSignature(id, event.signatureId)
      if (bytes) files.set(event.signatureId, bytes)
    }
  }
  return files
}

async function recordMaking(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
  { digest, sizeBytes }: MadePackage,
): Promise<void> {
  const event: EvidencePackageMade = { type: 'evidencePackageMade', digest, sizeBytes }
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    invariant(stream, 'a case that was read is there')
    await stream.append([event], acting.officer)
  })
}
