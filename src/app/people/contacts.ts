/** The contact directory: read by everybody of the authority, kept by those who use it. */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { localDate } from '../../core/desk/local-time.ts'
import { CONTACT_KINDS, type Contact, checkContact, matches } from '../../core/people/contact.ts'
import { decideDeskAccess } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import type { ContactVersion, StoredContact } from '../ports/contacts.ts'

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const contactInput = Type.Object({
  kind: Type.Union(CONTACT_KINDS.map((kind) => Type.Literal(kind))),
  name: text(200),
  country: Type.String({ minLength: 2, maxLength: 2 }),
  legalOrder: orNull(text(20)),
  node: orNull(text(100)),
  mail: orNull(text(254)),
  phone: orNull(text(40)),
  web: orNull(text(300)),
  securityTxt: orNull(text(300)),
  key: orNull(text(300)),
  hours: orNull(text(100)),
  person: orNull(text(200)),
  notes: orNull(text(2000)),
})

export type ContactInput = Static<typeof contactInput>

export const KEEP_CONTACTS = { name: 'keepContacts', group: 'keepContacts' } as const

export type ListedContact = {
  readonly id: string
  readonly version: number
  readonly contact: Contact
}

/** Entries that stand, by name; with a question, those that answer it. */
export async function listContacts(
  { contacts }: Pick<Kernel, 'contacts'>,
  question = '',
): Promise<readonly ListedContact[]> {
  return (await contacts.all())
    .flatMap((stored) => listed(stored))
    .filter(({ contact }) => matches(contact, question))
    .sort((a, b) => (a.contact.name.toLowerCase() < b.contact.name.toLowerCase() ? -1 : 1))
}

export type Written = Decision<{ readonly id: string }>

export async function addContact(
  kernel: Kernel,
  input: ContactInput,
  acting: Acting,
): Promise<Written> {
  const id = kernel.random.uuidByTime()
  const contact = { ...input, verifiedOn: null, verifiedBy: null }
  return write(kernel, { id, version: 1, change: 'added', contact }, acting)
}

/** `version`: the one that the person saw. Whoever changes an entry has not verified it. */
export async function changeContact(
  kernel: Kernel,
  { id, version, input }: { id: string; version: number; input: ContactInput },
  acting: Acting,
): Promise<Written> {
  const now = await newest(kernel, id)
  if (!now) return unknown()
  const contact = { ...input, verifiedOn: null, verifiedBy: null }
  return write(kernel, { id, version: version + 1, change: 'changed', contact }, acting)
}

/** The person says that what stands there was checked with the counterpart, today. */
export async function verifyContact(
  kernel: Kernel,
  { id, version }: { id: string; version: number },
  acting: Acting,
): Promise<Written> {
  const now = await newest(kernel, id)
  if (!now) return unknown()
  const verifiedOn = localDate(acting.now, kernel.node.zone)
  const contact = { ...now.contact, verifiedOn, verifiedBy: acting.officer }
  return write(kernel, { id, version: version + 1, change: 'verified', contact }, acting)
}

export async function removeContact(
  kernel: Kernel,
  { id, version }: { id: string; version: number },
  acting: Acting,
): Promise<Written> {
  const now = await newest(kernel, id)
  if (!now) return unknown()
  const { contact } = now
  return write(kernel, { id, version: version + 1, change: 'removed', contact }, acting)
}

type NewVersion = Omit<ContactVersion, 'at' | 'by'> & { readonly id: string }

async function write(
  kernel: Kernel,
  { id, ...entry }: NewVersion,
  acting: Acting,
): Promise<Written> {
  const access = await decideDeskAccess(kernel, KEEP_CONTACTS, acting)
  if (access.decision === 'refuse') return access
  const all = (await kernel.contacts.all()).filter((one) => one.id !== id).flatMap(listed)
  if (entry.change !== 'removed') {
    const others = all.map(({ contact }) => contact)
    const checked = checkContact(entry.contact, others)
    if (checked.decision === 'refuse') return checked
  }
  const at = kernel.clocks.wireNow()
  const isNext = entry.version === ((await newest(kernel, id))?.version ?? 0) + 1
  const isWritten =
    isNext && (await kernel.contacts.write(id, { ...entry, at, by: acting.officer }))
  if (isWritten) return permit({ id })
  return refuse('contactMovedOn', {
    rule: 'people:contactMovedOn',
    text: 'somebody has changed the entry meanwhile; look again',
  })
}

async function newest({ contacts }: Pick<Kernel, 'contacts'>, id: string) {
  const stored = await contacts.find(id)
  return stored && listed(stored)[0]
}

function listed({ id, history }: StoredContact): ListedContact[] {
  const last = history.at(-1)
  if (!last || last.change === 'removed') return []
  return [{ id, version: last.version, contact: last.contact }]
}

function unknown() {
  const told = 'there is no such entry'
  return refuse('unknownContact', { rule: 'people:unknownContact', text: told })
}
