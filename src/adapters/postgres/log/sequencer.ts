/**
 * The sequencer: the one writer of the node's log.
 *
 * A round numbers the entries that wait, takes them into the tree, makes tiles
 * durable, signs, moves the head, and publishes the checkpoint last; then all
 * witnesses are asked at once for that head, and each answer is published as it
 * comes. After a crash anywhere the next start goes on from what the database
 * holds, and no size is signed with two roots.
 *
 * The next head waits for the witnesses of this one, or each would cosign another
 * head and no head would find its quorum; but not longer than heads are apart
 * anyway. A witness that fails delays no entry.
 */
import { invariant } from '../../../base/errors.ts'
import { parseSignedNote } from '../../../proof/signed-note.ts'
import { rootOf } from '../../../proof/tree-hash.ts'
import { type Cosigner, startCosigner } from './cosigner.ts'
import type { DurableFolder } from './durable-files.ts'
import {
  integrate,
  isDirty,
  type LogState,
  type Prepared,
  peaksOfEdge,
  prepare,
} from './integrate.ts'
import { freezeHead, type LogHead, SEQUENCE_MAX, sequencePending, takeOver } from './log-head.ts'
import { publishHead } from './public-checkpoint.ts'
import { recover } from './recovery.ts'
import type { SequencerParts } from './sequencer-parts.ts'
import { MustFreeze, MustRestart } from './stop-signals.ts'
import { compareWith, type SignedHead } from './witness-client.ts'

export type Sequencer = {
  /** Runs a round now: what waits is signed and published, and each witness was asked once. */
  flush(): Promise<void>
  /** Runs a round soon, without waiting for it or for witnesses. */
  wake(): void
  /** Ends after the current round. */
  stop(): Promise<void>
}

const INTERVAL_MS = 1000
/** Transactions that number entries before a round signs what it has. */
const BATCHES_MAX = 4
/** Signatures in one round; then the checkpoint is published. */
const STEPS_MAX = 8

type Run = {
  readonly parts: SequencerParts
  readonly durable: DurableFolder
  readonly epoch: number
  readonly cosigners: readonly Cosigner[]
  /** Undefined once frozen, in need of a restart, or stopped. */
  state: LogState | undefined
  isPublished: boolean
  /** What the next round does; `now`: without waiting for witnesses. */
  wanted: 'nothing' | 'work' | 'now'
  /** When the head was signed, by the monotonic clock. */
  signedAtMs: number
}

/**
 * Takes over the log, checks it, and starts the rounds.
 *
 * @throws ComityError `unavailable` if the log cannot be judged; a log that
 * contradicts itself is not an error here: it is frozen, and `onError` says so
 */
export async function startSequencer(given: SequencerParts): Promise<Sequencer> {
  const { origin, signer, intervalMs = INTERVAL_MS } = given
  invariant(signer.key.name === origin, 'a log signs under its own name')
  const stopping = new AbortController()
  const parts = { ...given, stopSignal: stopping.signal }
  const head = await takeOver(parts.database, origin, rootOf(parts.primitives, []))
  const durable = { folder: parts.directory, writer: `epoch-${head.epoch}` }
  const rounds = inTurn(async () => {
    const isDone = await round(run)
    // It has published what it took in, and goes on at once if a mass still waits.
    if (isDone && run.wanted === 'nothing' && massWaits(run)) void work()
  })
  const work = (wanted: 'work' | 'now' = 'work') => {
    if (run.wanted !== 'now') run.wanted = wanted
    return rounds.next()
  }
  const hooks = {
    // Published at once. What waits for its turn gets it with the last answer.
    onCosigned: () => {
      run.isPublished = false
      void rounds.next()
    },
    onFreeze: (error: MustFreeze) => void freeze(run, error),
  }
  const cosigners = parts.witnesses.map((witness) => startCosigner(parts, witness, hooks))
  const run: Run = {
    parts,
    durable,
    epoch: head.epoch,
    cosigners,
    state: undefined,
    isPublished: false,
    wanted: 'nothing',
    signedAtMs: Number.NEGATIVE_INFINITY,
  }
  await begin(run, head)
  const timer = setInterval(work, intervalMs)
  void work()
  return {
    flush: () => flush(run, () => work('now')),
    wake: () => void work(),
    async stop() {
      clearInterval(timer)
      await rounds.last()
      run.state = undefined
      stopping.abort()
      await Promise.all(cosigners.map((cosigner) => cosigner.settled()))
      await rounds.last()
    },
  }
}

/** Recovers the state, or freezes the log. */
async function begin(run: Run, head: LogHead): Promise<void> {
  const { parts, durable } = run
  if (head.freezeReason !== undefined) {
    parts.onError('frozen', new MustFreeze(head.freezeReason))
    return
  }
  try {
    const { edge, isPublished } = await recover(parts, durable, head)
    await askWitnesses(parts, head)
    run.state = { head, edge, peaks: peaksOfEdge(parts.primitives, edge) }
    run.isPublished = isPublished && head.publishedSize === head.size
  } catch (error) {
    if (!(error instanceof MustFreeze)) throw error
    await freeze(run, error)
  }
}

/** Before the first signature: does anyone hold a head of ours that we have lost? */
async function askWitnesses(parts: SequencerParts, { size, root }: LogHead): Promise<void> {
  const head = { treeSize: size, rootHash: root }
  const answers = parts.witnesses.map(async (witness) => {
    try {
      await compareWith(parts, witness, head)
    } catch (error) {
      if (error instanceof MustFreeze) throw error
      // A witness that is down must not keep the node from working.
      parts.onError('warning', error as Error)
    }
  })
  await Promise.all(answers)
}

/** False if something failed: then it is tried again at the next beat. */
async function round(run: Run): Promise<boolean> {
  try {
    if (run.state !== undefined && isWorkDue(run)) {
      run.wanted = 'nothing'
      await takeWork(run)
    }
    if (run.state !== undefined && !run.isPublished) await publish(run, run.state.head)
    if (run.state !== undefined) nudge(run, run.state.head)
    return true
  } catch (error) {
    await stopOrGoOn(run, error as Error)
    return false
  }
}

function isWorkDue({ wanted, parts, cosigners, signedAtMs }: Run): boolean {
  if (wanted !== 'work') return wanted === 'now'
  const waitedMs = performance.now() - signedAtMs
  return waitedMs >= (parts.intervalMs ?? INTERVAL_MS) || !cosigners.some((one) => one.isAsked())
}

/** Of a mass, one step is written while the next one is computed and what follows is numbered. */
async function takeWork(run: Run): Promise<void> {
  await number(run)
  if (run.state === undefined || !isDirty(run.state)) return
  const first = prepareNext(run, run.state)
  await Promise.allSettled([first, massWaits(run) ? number(run) : undefined])
  let next: Prepared | undefined = await first
  for (let step = 1; next !== undefined && run.state !== undefined; step++) {
    const { head } = run.state
    // Only a mass of entries goes on: a few that keep coming must not hold back the checkpoint.
    const goesOn: boolean = step < STEPS_MAX && next.size - next.oldSize >= SEQUENCE_MAX
    const written = integrate(run.parts, run.durable, head, next)
    const following: Promise<Prepared> | undefined =
      goesOn && next.size < head.nextSeq ? prepareNext(run, next) : undefined
    const numbered = goesOn ? number(run) : undefined
    await Promise.allSettled([written, following, numbered])
    moveTo(run, await written)
    await numbered
    next = await following
  }
}

function prepareNext(run: Run, from: Pick<LogState, 'edge' | 'peaks'>): Promise<Prepared> {
  return prepare(run.parts, from, run.state?.head.nextSeq ?? from.edge.size)
}

/** What was numbered meanwhile stays numbered. */
function moveTo(run: Run, { head, ...tree }: LogState): void {
  if (run.state === undefined) return
  run.state = { ...tree, head: { ...head, nextSeq: run.state.head.nextSeq } }
  run.isPublished = false
  run.signedAtMs = performance.now()
}

function massWaits({ state }: Run): boolean {
  return state !== undefined && state.head.nextSeq - state.head.size >= SEQUENCE_MAX
}

/** Gives places to what waits, at most to so much as one signature takes in. */
async function number(run: Run): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const added = await sequencePending(run.parts.database, run.epoch)
    if (run.state === undefined) return
    const { head } = run.state
    run.state = { ...run.state, head: { ...head, nextSeq: head.nextSeq + added } }
    if (added < SEQUENCE_MAX) return
  }
}

async function publish(run: Run, head: LogHead): Promise<void> {
  // Before the cosignatures are read: one that comes in between is published after this.
  run.isPublished = true
  try {
    await publishHead(run.parts.database, run.durable, head)
  } catch (error) {
    run.isPublished = false
    throw error
  }
}

function nudge({ cosigners }: Run, head: LogHead): void {
  if (head.signedNote === undefined) return
  const note = parseSignedNote(head.signedNote)
  const signed: SignedHead = { treeSize: head.size, rootHash: head.root, note }
  for (const cosigner of cosigners) cosigner.nudge(signed)
}

async function flush(run: Run, nextRound: () => Promise<void>): Promise<void> {
  // Twice: a witness may have been busy with an older head the first time.
  for (let time = 0; time < 2; time++) {
    await nextRound()
    await Promise.all(run.cosigners.map((cosigner) => cosigner.settled()))
  }
  await nextRound()
}

async function stopOrGoOn(run: Run, error: Error): Promise<void> {
  if (error instanceof MustFreeze) return freeze(run, error)
  if (error instanceof MustRestart) {
    run.state = undefined
    run.parts.onError('fatal', error)
    return
  }
  run.parts.onError('warning', error)
}

async function freeze(run: Run, error: MustFreeze): Promise<void> {
  const { parts, epoch } = run
  run.state = undefined
  try {
    await freezeHead(parts.database, epoch, error.message, parts.wireNow())
  } catch (cause) {
    // The reason is found again at the next start.
    parts.onError('warning', cause as Error)
  }
  parts.onError('frozen', error)
}

/** Runs an action again and again, never twice at a time; a call joins one that has not begun. */
function inTurn(action: () => Promise<void>) {
  let last = Promise.resolve()
  let waiting: Promise<void> | undefined
  const next = (): Promise<void> => {
    waiting ??= last.then(() => {
      waiting = undefined
      return action()
    })
    last = waiting
    return waiting
  }
  return { next, last: () => last }
}
