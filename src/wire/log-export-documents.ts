/** The documents in a node export: each the opening of the event that published it. */
import { textFromUtf8, utf8 } from '../base/bytes.ts'
import { type Json, parseJson } from '../base/canonical-json.ts'
import { unverified } from '../base/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../proof/checkpoint.ts'
import type { Policy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import { parseReceipt } from '../proof/receipt.ts'
import { formatSignedNote } from '../proof/signed-note.ts'
import { requireUniqueMembers } from './duplicate-members.ts'
import type { EventOpening } from './event-opening.ts'
import { requireForm } from './exchange/form.ts'
import { messageKeysOf, type NodeDocument } from './exchange/node-document.ts'
import type { MessageKey } from './http-signature.ts'
import { KeyOpeningForm, verifyKeyOpening } from './intake/sealed-receipt.ts'
import type { LogCopy } from './log-copy-file.ts'
import { requireEarlier } from './log-copy-stamps.ts'
import { documentPath } from './log-export-files.ts'
import type { Checking } from './package/report.ts'
import type { Files } from './package/tar.ts'

const FOLDER = 'documents/'

type Kept = {
  readonly file: string
  readonly opening: EventOpening
  readonly origin: string
  /** The checkpoint of its proof. */
  readonly head: Uint8Array
}

export class ExportedDocuments {
  readonly #primitives: Primitives
  readonly #node: string
  readonly #kept: Kept[] = []
  readonly #faults = new Map<string, unknown>()
  readonly #taken = new Set<string>()
  /** Message keys that the node had published in the logs read so far. */
  readonly keys: MessageKey[] = []

  constructor(primitives: Primitives, files: Files, node: string) {
    this.#primitives = primitives
    this.#node = node
    for (const [file, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!file.startsWith(FOLDER)) continue
      this.#attempt(file, () => this.#kept.push(readDocument(file, bytes)))
    }
  }

  /** Takes the keys of the documents whose proof is from this log. */
  take(policy: Policy, origin: string): void {
    for (const { file, opening } of this.#kept.filter((one) => one.origin === origin)) {
      this.#taken.add(file)
      this.#attempt(file, () => {
        verifyKeyOpening(this.#primitives, opening, { node: this.#node, policy })
        const { event } = opening.envelope as unknown as {
          event: { document: { document: NodeDocument } }
        }
        this.keys.push(...messageKeysOf(event.document.document))
      })
    }
  }

  /** The proofs of this log's documents are from earlier heads of the very tree that is here. */
  async compare(copy: LogCopy, head: Checkpoint, policy: Policy): Promise<void> {
    for (const { file, head: bytes } of this.#kept.filter(({ origin }) => origin === head.origin)) {
      try {
        await requireEarlier(this.#primitives, copy, head, { bytes, policy })
      } catch (error) {
        if (!this.#faults.has(file)) this.#faults.set(file, error)
      }
    }
  }

  say(checking: Checking): void {
    for (const [file, error] of this.#faults) {
      checking.attempt(file, () => {
        throw error
      })
    }
    for (const { file } of this.#kept) {
      checking.looked(file)
      if (!this.#taken.has(file)) checking.fail(file, 'its proof is from no log of this export')
    }
    if (this.#kept.length === 0) checking.fail(FOLDER, 'no document is in the export')
    checking.found(`${this.#kept.length} documents of ${this.#node}`)
  }

  #attempt(file: string, step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#faults.set(file, error)
    }
  }
}

/** @throws ComityError `malformed`, `unverified` */
function readDocument(file: string, bytes: Uint8Array): Kept {
  const value = parseJson(bytes, file)
  requireUniqueMembers(textFromUtf8(bytes))
  requireForm(KeyOpeningForm, value as Json, '')
  const opening = value as unknown as EventOpening
  if (file !== documentPath(opening.envelope.version)) {
    throw unverified('the file is not named by its event')
  }
  const { note } = parseReceipt(utf8(opening.receipt))
  return { file, opening, origin: parseCheckpoint(note.text).origin, head: formatSignedNote(note) }
}
