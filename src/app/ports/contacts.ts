/** The contact directory: counterparts with and without a node, with every change kept. */

import type { Instant } from '../../base/time.ts'
import type { Contact } from '../../core/people/contact.ts'

export type ContactVersion = {
  /** From 1, without gaps. */
  readonly version: number
  readonly change: 'added' | 'changed' | 'verified' | 'removed'
  readonly at: Instant
  /** Officer id, or the node id of the peer that told us. */
  readonly by: string
  readonly contact: Contact
}

export type StoredContact = { readonly id: string; readonly history: readonly ContactVersion[] }

export type Contacts = {
  all(): Promise<readonly StoredContact[]>
  find(id: string): Promise<StoredContact | undefined>
  /** `false` if somebody else wrote this version first: nothing is changed then. */
  write(id: string, version: ContactVersion): Promise<boolean>
}
