/**
 * Access to streams. A stream can be touched only inside `transact` or `read`,
 * and the handle dies with the call: nothing decides on a history that another
 * writer has moved on.
 */
import type { CalendarDate } from '../../base/time.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import type { LogBatch, SealedEvent } from './event-record.ts'
import type { ContactOpened, NewMessage, ResealedPart } from './filings.ts'
import type { NewTask } from './work.ts'

export type StreamKind =
  | 'case'
  | 'agreement'
  | 'law'
  | 'authority'
  | 'sealing'
  | 'oversight'
  | 'erasure'

export type AnyEvent = { readonly type: string }

export type Streams = {
  /**
   * Runs `fn` in one database transaction. What it appends, sends and keeps is
   * committed together with the log intents and the projections, or not at all.
   */
  transact<T>(fn: (unit: Unit) => Promise<T>): Promise<T>
  /** The history of a stream, or `undefined` if this node has none by that id. */
  read(streamId: string): Promise<StreamView | undefined>
  /** How many events a stream has now; 0 if there is none. What it says grows with it only. */
  versionOf(streamId: string): Promise<number>
}

export type StreamView = {
  readonly id: string
  readonly kind: StreamKind
  readonly history: readonly Recorded<AnyEvent>[]
  /** What a package needs to open the commitments: see event-record.ts. */
  readonly sealedEvents: readonly SealedEvent[]
}

export type Unit = {
  /** Creates a stream. Its first events are appended to the handle. */
  create(streamId: string, kind: StreamKind): Promise<OpenStream>
  /** Locks a stream for this transaction. `undefined` if there is none by that id. */
  open(streamId: string): Promise<OpenStream | undefined>
  /** The stream of our case that a peer's case was linked with. */
  openLinked(peer: string, peerCaseId: string): Promise<OpenStream | undefined>
  /** Those of our cases that were linked with a case of that id, whichever peer's it is. */
  openNamed(peerCaseId: string): Promise<readonly OpenStream[]>
  /**
   * Marks a filing as admitted into a case, and lists its tag in the next batch, for the
   * holder of the code.
   *
   * @throws ComityError `malformed` if no filing by that id waits
   */
  admitFiling(filingId: string, caseId: string): Promise<void>
  /**
   * Closes a filing that nobody could open, and lists its tag for that in the next batch.
   *
   * @returns `false` if it does not wait
   */
  closeFiling(filingId: string, on: CalendarDate): Promise<boolean>
  /**
   * Replaces sealed bytes of a filing by the same text sealed to another roster.
   *
   * @returns `false` if the part is not the one that was sealed again: nothing is changed then
   */
  resealFiling(resealed: ResealedPart): Promise<boolean>
  /**
   * Puts an answer into the mailbox of a report, and lists its tag in the next batch if the
   * reporter was told to look for one.
   *
   * @returns `false` if the mailbox is full
   */
  writeToReporter(message: NewMessage): Promise<boolean>
  /**
   * Keeps a follow-up of a reporter.
   *
   * @returns the case that its filing was admitted into; `undefined` if the token was used
   * before or the mailbox is full: nothing is kept then
   */
  takeFollowUp(
    message: NewMessage,
    tokenHash: Uint8Array,
  ): Promise<{ readonly caseId: string | undefined } | undefined>
  /** Lets the mailbox tell the reporter that the contact was opened. */
  tellContactOpened(opened: ContactOpened): Promise<void>
  /** A task that follows from what is appended: nobody finds one without the other. */
  addTask(task: NewTask): Promise<void>
  /** Queues a message for a peer: delivered after commit, once and in order. Returns its id. */
  send(message: OutgoingMessage): Promise<string>
  /**
   * Takes the content out of every message that names this agreement and has no receipt: what
   * was not sent is not sent. The messages stay in their channel, and the peer answers that
   * their content was withheld.
   */
  withhold(agreementDigest: string): Promise<void>
  /** Takes a message back that has not begun to leave; false: it has, or there is none. */
  takeBack(messageId: string): Promise<boolean>
  /** Nothing of what a message carried stays readable here; header and receipt do. */
  eraseSent(messageId: string): Promise<void>
  /**
   * Destroys a case: its key, its events with their salts and signatures, and every row beside
   * it. Which log entries were its events stays. `names`: as messages between nodes call it;
   * what they carried goes too. There is no such case afterwards, and never again by that id.
   * Returns the log entries of its events, in their order; their hour may still change.
   */
  eraseCase(caseId: string, names: readonly string[]): Promise<readonly Uint8Array[]>
  /** The event is an answer to an erasure: its opening follows when its receipt is sealed. */
  awaitReceipt(streamId: string, version: number): Promise<void>
  /** False: nobody waits for it any more. */
  endAwaiting(streamId: string, version: number): Promise<boolean>
  /** Links one of our cases with a peer's case. */
  link(streamId: string, peer: string, peerCaseId: string): Promise<void>
}

export type OpenStream = {
  readonly id: string
  readonly kind: StreamKind
  readonly history: readonly Recorded<AnyEvent>[]
  /** `by` is an officer id, or the node id for a peer's message or a timer. */
  append(events: readonly AnyEvent[], by: string, batch?: LogBatch): Promise<void>
}

export type OutgoingMessage = {
  readonly destination: string
  readonly type: string
  /** The object that the message is about: a case, an agreement, a request. */
  readonly objectId: string
  readonly agreement: string | null
  readonly content: object
}
