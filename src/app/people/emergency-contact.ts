/**
 * How an authority is reached in an emergency, day and night: set by one of its own,
 * told to every peer as a message, and kept in the contact directory of both. Who is
 * on duty stays at home; a peer gets a number that always answers.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit } from '../../base/decision.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { type Contact, checkContact } from '../../core/people/contact.ts'
import type { ContentOf } from '../../wire/exchange/contents.ts'
import { decideDeskAccess } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import type { MessageOutcome } from '../ports/exchange.ts'
import { listContacts } from './contacts.ts'

export type EmergencyContact = ContentOf<'emergencyContact'>

export const emergencyInput = Type.Object({
  phone: Type.String({ minLength: 5, maxLength: 40 }),
  mail: Type.Union([Type.String({ minLength: 3, maxLength: 254 }), Type.Null()]),
  hours: Type.String({ minLength: 1, maxLength: 100 }),
})

/** Whoever runs the node or watches over it. */
export const SET_EMERGENCY_CONTACT = { name: 'setEmergencyContact', group: 'control' } as const

/** Tells every peer that is pinned now; set it again to tell one that came later. */
export async function setEmergencyContact(
  kernel: Kernel,
  content: EmergencyContact,
  acting: Acting,
): Promise<Decision<{ readonly told: number }>> {
  const access = await decideDeskAccess(kernel, SET_EMERGENCY_CONTACT, acting)
  if (access.decision === 'refuse') return access
  const { id: self, name, legalOrder } = kernel.node
  const written = await keep(kernel, { node: self, name, legalOrder, by: acting.officer }, content)
  if (written.decision === 'refuse') return written
  const peers = kernel.peers.all()
  await kernel.streams.transact(async (unit) => {
    for (const { id: destination } of peers) {
      const type = 'emergencyContact'
      await unit.send({ destination, type, objectId: self, agreement: null, content })
    }
  })
  return permit({ told: peers.length })
}

/** From the peer itself: it may say how it is reached, and nothing about anybody else. */
export async function receiveEmergencyContact(
  { kernel, origin }: { readonly kernel: Kernel; readonly origin: string },
  content: EmergencyContact,
): Promise<MessageOutcome> {
  const peer = kernel.peers.find(origin)
  const { name = origin, legalOrder = '' } = peer ?? {}
  const written = await keep(kernel, { node: origin, name, legalOrder, by: origin }, content)
  if (written.decision === 'permit') return { decision: 'applied' }
  return {
    decision: 'rejected',
    reason: 'schema',
    rule: written.because[0]?.rule ?? 'people:contact',
  }
}

type Whose = {
  readonly node: string
  readonly name: string
  readonly legalOrder: string
  readonly by: string
}

/** A repeated message changes nothing. Whatever else the directory says of them stays. */
async function keep(kernel: Kernel, whose: Whose, told: EmergencyContact) {
  const all = await listContacts(kernel)
  const known = all.find(({ contact }) => contact.node === whose.node)
  const contact = { ...(known?.contact ?? blank(whose)), ...told }
  const others = all.filter(({ id }) => id !== known?.id).map((one) => one.contact)
  const checked = checkContact(contact, others)
  if (checked.decision === 'refuse' || isSame(known?.contact, contact)) return checked
  await kernel.contacts.write(known?.id ?? kernel.random.uuidByTime(), {
    version: (known?.version ?? 0) + 1,
    change: known ? 'changed' : 'added',
    at: kernel.clocks.wireNow(),
    by: whose.by,
    contact: { ...contact, verifiedOn: null, verifiedBy: null },
  })
  return checked
}

function isSame(first: Contact | undefined, second: Contact): boolean {
  const parts = ['phone', 'mail', 'hours'] as const
  return first !== undefined && parts.every((part) => first[part] === second[part])
}

function blank({ node, name, legalOrder }: Whose): Contact {
  return {
    kind: 'authority',
    name,
    country: /^[A-Z]{2}/.exec(legalOrder)?.[0] ?? 'EU',
    legalOrder: legalOrder === '' ? null : legalOrder,
    node,
    mail: null,
    phone: null,
    web: null,
    securityTxt: null,
    key: null,
    hours: null,
    person: null,
    notes: null,
    verifiedOn: null,
    verifiedBy: null,
  }
}
