/**
 * One look at a log: fetches its head, asks witnesses for theirs, compares all of them with what
 * was seen before, and checks the tiles that are new. Decides what is wrong; keeps nothing.
 *
 * What it calls honest is one history as this reader and these witnesses were shown it. That
 * nobody else is shown another one needs a witness that everybody asks.
 */
import { toBase64, utf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import { type Instant, msOf, SECOND_MS } from '../../base/time.ts'
import { formatVkey } from '../../proof/vkey.ts'
import { type AuditSource, auditTiles } from './audit-tiles.ts'
import {
  contradictsNotice,
  type FindingName,
  type FindingParts,
  finding,
  isConvicting,
  type LogFinding,
  servedAs,
} from './finding.ts'
import {
  equivocations,
  freshSince,
  type HeadKeys,
  isSameHead,
  originClaimedBy,
  readHead,
  type SeenHead,
} from './seen-heads.ts'
import { type FetchTile, tileTree, WrongTile } from './tile-tree.ts'

export type LogSource = AuditSource & {
  /** @throws ComityError `unavailable` */
  readonly checkpoint: () => Promise<Uint8Array>
}

export type WitnessSource = {
  readonly name: string
  /** The last that it cosigned of the log; undefined: nothing. @throws ComityError `unavailable` */
  readonly checkpoint: () => Promise<Uint8Array | undefined>
}

/** What is remembered of a log from one look to the next. */
export type Remembered = {
  /** Signed note of the largest head that was found consistent. */
  readonly head: string | undefined
  /** Leaves whose tiles were checked, from the first on. */
  readonly auditedSize: number
  /** POSIX seconds: see `freshSince`. */
  readonly freshAt: number | undefined
}

export const NOTHING: Remembered = { head: undefined, auditedSize: 0, freshAt: undefined }

/** The notice that closed the log, verified by the caller, and the key that signed it. */
export type ClosedBy = {
  readonly treeSize: number
  readonly rootHash: Uint8Array
  readonly notice: string
  readonly noticeKey: string
}

export type LookParts = HeadKeys & {
  readonly origin: string
  readonly source: LogSource
  readonly witnesses: readonly WitnessSource[]
  readonly closed?: ClosedBy | undefined
  /** Tiles that one look checks at most; the next one goes on. */
  readonly tilesMax: number
  /** False: tiles that were not checked yet wait for the next look. */
  readonly goesOn?: (() => boolean) | undefined
  readonly now: Instant
}

export type Look = {
  /** Why the log could not be looked at; undefined if it could. */
  readonly failure: string | undefined
  /** The origin that was served instead of the one asked for: perhaps the log that follows it. */
  readonly otherOrigin: string | undefined
  readonly servedSize: number | undefined
  readonly witnessesReached: number
  readonly remembered: Remembered
  readonly findings: readonly LogFinding[]
}

export async function lookAtLog(parts: LookParts, before: Remembered): Promise<Look> {
  const looking = new Looking(parts, before)
  return looking.run()
}

/**
 * Looks again after a pause at what no signature proves: a proxy that still holds the head before,
 * or a tile on its way, is no wrong of the log.
 */
export async function lookTwice(
  partsNow: () => LookParts,
  before: Remembered,
  pause: () => Promise<void>,
): Promise<Look> {
  const first = await lookAtLog(partsNow(), before)
  if (first.findings.every(isConvicting)) return first
  await pause()
  const second = await lookAtLog(partsNow(), before)
  return { ...second, findings: [...first.findings.filter(isConvicting), ...second.findings] }
}

class Looking {
  readonly #parts: LookParts
  readonly #before: Remembered
  readonly #findings: LogFinding[] = []
  readonly #about: FindingParts
  #witnessesReached = 0

  constructor(parts: LookParts, before: Remembered) {
    this.#parts = parts
    this.#before = before
    const { origin, logKeys, now } = parts
    this.#about = { origin, logKeys: logKeys.map(formatVkey), foundAt: now }
  }

  async run(): Promise<Look> {
    const { head } = this.#before
    const trusted = head === undefined ? undefined : readHead(this.#parts, SEEN, utf8(head))
    // Witnesses first: what they have cosigned, the log has published before.
    const cosigned = await this.#witnessHeads()
    const served = await this.#servedHead()
    const servedHead = 'head' in served ? served : undefined
    const heads = [trusted, servedHead, ...cosigned].filter((one) => one !== undefined)
    this.#compareSizes(heads)
    if (!servedHead) return this.#over({ ...(served as Unserved), trusted, heads })
    this.#compareWithLarger(servedHead, [trusted, ...cosigned])
    try {
      const newest = await this.#connect(servedHead, trusted, cosigned)
      const auditedSize = await this.#audit(newest, servedHead)
      return this.#over({ trusted: newest, heads, servedHead, auditedSize })
    } catch (error) {
      const failure = this.#tileFailure(error, servedHead)
      return this.#over({ failure, trusted, heads, servedHead })
    }
  }

  async #witnessHeads(): Promise<SeenHead[]> {
    const each = this.#parts.witnesses.map(async ({ name, checkpoint }) => {
      try {
        const bytes = await checkpoint()
        const head = bytes && readHead(this.#parts, name, bytes)
        this.#witnessesReached += 1
        return head
      } catch (error) {
        // A witness that is down, or answers what the log did not sign, says nothing of the log.
        if (error instanceof ComityError) return undefined
        throw error
      }
    })
    return (await Promise.all(each)).filter((one) => one !== undefined)
  }

  async #servedHead(): Promise<SeenHead | Unserved> {
    let bytes: Uint8Array | undefined
    try {
      bytes = await this.#parts.source.checkpoint()
      return readHead(this.#parts, LOG, bytes)
    } catch (error) {
      if (!(error instanceof ComityError)) throw error
      if (!bytes) return { failure: error.reason ?? 'unreachable' }
      const otherOrigin = originClaimedBy(bytes)
      if (otherOrigin === undefined) return { failure: 'not-a-checkpoint' }
      if (otherOrigin !== this.#parts.origin) return { failure: 'other-origin', otherOrigin }
      this.#find('badSignature', this.#trustedNotes(), [servedAs('checkpoint', bytes)])
      return { failure: 'bad-signature' }
    }
  }

  /** What two signed heads show by themselves, and a head with the notice that closed the log. */
  #compareSizes(heads: readonly SeenHead[]): void {
    for (const pair of equivocations(heads)) this.#find('equivocation', pair)
    const { closed } = this.#parts
    if (!closed) return
    const { notice, noticeKey } = closed
    for (const one of heads.filter(({ head }) => contradictsNotice(closed, head))) {
      this.#findings.push(
        finding('beyondNotice', this.#about, { notes: [said(one)], notice, noticeKey }),
      )
    }
  }

  #compareWithLarger(served: SeenHead, others: readonly (SeenHead | undefined)[]): void {
    const larger = others
      .filter((one) => one !== undefined)
      .filter(({ head }) => head.treeSize > served.head.treeSize)
      .sort((one, other) => other.head.treeSize - one.head.treeSize)
    if (larger[0]) this.#find('rollback', [larger[0], served])
  }

  /** The head to remember: the served one, if all others are beginnings of it. */
  async #connect(
    served: SeenHead,
    trusted: SeenHead | undefined,
    cosigned: readonly SeenHead[],
  ): Promise<SeenHead> {
    const others = [trusted, ...cosigned].filter((one) => one !== undefined)
    let isExtension = true
    for (const other of others) {
      if (other.head.treeSize <= served.head.treeSize) {
        const isBeginning = await this.#isBeginning(other, served)
        if (other === trusted) isExtension &&= isBeginning
        continue
      }
      // Its tiles may be gone: then the sizes alone are what is found.
      await this.#isBeginning(served, other).catch(onlyOurFaults)
      if (other === trusted) isExtension = false
    }
    return trusted === undefined || isExtension ? served : trusted
  }

  async #isBeginning(older: SeenHead, newer: SeenHead): Promise<boolean> {
    const size = older.head.treeSize
    if (size === newer.head.treeSize) return isSameHead(older.head, newer.head)
    if (size === 0) return true
    const tree = tileTree(this.#parts.primitives, newer.head, this.#fetch())
    const root = await tree.rootAt(size)
    if (isSameHead(older.head, { ...older.head, rootHash: root })) return true
    const proof = (await tree.consistencyFrom(size)).map(toBase64)
    const notes = [said(older), said(newer)]
    const otherRoot = toBase64(root)
    this.#findings.push(finding('unconnected', this.#about, { notes, otherRoot, proof }))
    return false
  }

  async #audit(newest: SeenHead, served: SeenHead): Promise<number> {
    const { primitives, source, tilesMax, goesOn = () => true } = this.#parts
    const { auditedSize } = this.#before
    if (newest !== served) return auditedSize
    const tree = tileTree(primitives, served.head, this.#fetch())
    const audited = await auditTiles(
      { primitives, tree, source, tilesMax, goesOn },
      auditedSize,
      served.head,
    )
    for (const { path, bytes } of audited.wrongEntries) {
      this.#find('wrongEntries', [served], [servedAs(path, bytes)])
    }
    return audited.size
  }

  #fetch(): FetchTile {
    return this.#parts.source.tile
  }

  /** @returns why there was no complete look; undefined where a finding says it */
  #tileFailure(error: unknown, served: SeenHead): string | undefined {
    if (error instanceof WrongTile) {
      const tiles = error.tiles.map(({ path, bytes }) => servedAs(path, bytes))
      this.#find('wrongTile', [served], tiles)
      return undefined
    }
    if (!(error instanceof ComityError)) throw error
    if (error.reason !== 'missing') return error.reason ?? 'unreachable'
    this.#find('missingTile', [served], [servedAs(error.field ?? '', new Uint8Array())])
    return undefined
  }

  #trustedNotes(): readonly { readonly from: string; readonly note: string }[] {
    const { head } = this.#before
    return head === undefined ? [] : [{ from: SEEN, note: head }]
  }

  #find(
    name: FindingName,
    heads: readonly { readonly from: string; readonly note: string }[],
    served?: ReturnType<typeof servedAs>[],
  ): void {
    const notes = heads.map(said)
    this.#findings.push(finding(name, this.#about, served ? { notes, served } : { notes }))
  }

  #over(found: {
    readonly failure?: string | undefined
    readonly otherOrigin?: string | undefined
    readonly trusted: SeenHead | undefined
    readonly heads: readonly SeenHead[]
    readonly servedHead?: SeenHead
    readonly auditedSize?: number
  }): Look {
    const { trusted, heads, servedHead } = found
    const nowSeconds = Math.floor(msOf(this.#parts.now) / SECOND_MS)
    const same = heads.filter(({ head }) => trusted && isSameHead(head, trusted.head))
    const fresh = freshSince(this.#parts, same, nowSeconds)
    const before = this.#before
    const isNew = trusted !== undefined && trusted === servedHead
    return {
      failure: found.failure,
      otherOrigin: found.otherOrigin,
      servedSize: servedHead?.head.treeSize,
      witnessesReached: this.#witnessesReached,
      remembered: {
        head: isNew ? trusted.note : before.head,
        auditedSize: found.auditedSize ?? before.auditedSize,
        freshAt: Math.max(fresh ?? 0, before.freshAt ?? 0) || undefined,
      },
      findings: this.#findings,
    }
  }
}

type Unserved = { readonly failure: string; readonly otherOrigin?: string }

const LOG = 'log'
const SEEN = 'seen before'

function said({ from, note }: { readonly from: string; readonly note: string }) {
  return { from, note }
}

function onlyOurFaults(error: unknown): boolean {
  if (error instanceof ComityError || error instanceof WrongTile) return false
  throw error
}
