/** The contact directory: list and search, one entry with its history, and its form. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import {
  addContact,
  type ContactInput,
  changeContact,
  contactInput,
  KEEP_CONTACTS,
  listContacts,
  removeContact,
  verifyContact,
  type Written,
} from '../../app/people/contacts.ts'
import type { ContactVersion } from '../../app/ports/contacts.ts'
import type { Because } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import type { Contact } from '../../core/people/contact.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { formModel, type RawValues, type ShownForm } from '../form/form-model.ts'
import { type ReadForm, readSoundForm } from '../form/read-form.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import type { ContactModel } from './contact/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

type Params = { readonly contactId: string }
type Handler = (turn: OfficerTurn, params: Params, reply: FastifyReply) => Promise<FastifyReply>

export function contactRoutes(server: FastifyInstance, kit: SiteKit): void {
  const route = (method: 'GET' | 'POST', name: RouteName, handler: Handler) =>
    officerRoute(server, kit, {
      method,
      url: ROUTES[name],
      group: 'ownMatters',
      handler: (turn, request, reply) => handler(turn, request.params as Params, reply),
    })
  route('GET', 'officerContacts', (turn) => listPage(turn, ''))
  // A question may name a person, so it never stands in an address.
  route('POST', 'officerContacts', (turn) => listPage(turn, textSent(turn, 'question', 100)))
  route('GET', 'officerAddContact', (turn) => formPage(turn, undefined, { values: {}, errors: [] }))
  route('POST', 'officerAddContact', added)
  route('GET', 'officerContact', (turn, { contactId }) => contactPage(turn, contactId))
  route('GET', 'officerChangeContact', async (turn, { contactId }) => {
    const { contact, version } = newest(await stored(turn, contactId))
    return formPage(turn, contactId, { values: valuesOf(contact, version), errors: [] })
  })
  route('POST', 'officerChangeContact', changed)
  route('POST', 'officerVerifyContact', (turn, { contactId }, reply) =>
    done(turn, contactId, reply, verifyContact),
  )
  route('POST', 'officerRemoveContact', (turn, { contactId }, reply) =>
    done(turn, contactId, reply, removeContact),
  )
}

async function listPage(turn: OfficerTurn, question: string): Promise<FastifyReply> {
  const found = await listContacts(turn.kit.kernel, question)
  return turn.page('officer/contacts', {
    question,
    mayKeep: turn.may(KEEP_CONTACTS).decision === 'permit',
    contacts: found.map(({ id, contact }) => ({
      id,
      kind: contact.kind,
      name: contact.name,
      country: contact.country,
      ...(contact.hours === null ? {} : { hours: contact.hours }),
      ...(contact.verifiedOn === null ? {} : { verifiedOn: contact.verifiedOn }),
    })),
  })
}

async function contactPage(
  turn: OfficerTurn,
  id: string,
  refused?: readonly Because[],
): Promise<FastifyReply> {
  const history = await stored(turn, id)
  const names = await namesOf(turn.kit.kernel)
  const { contact, version } = newest(history)
  const keep = turn.may(KEEP_CONTACTS)
  const model: ContactModel = {
    id,
    version,
    name: contact.name,
    kind: contact.kind,
    facts: factsOf(contact),
    ...(contact.verifiedOn && contact.verifiedBy
      ? { verified: { on: contact.verifiedOn, by: names.officer(contact.verifiedBy) } }
      : {}),
    history: history
      .map((one) => ({
        version: one.version,
        change: one.change,
        at: one.at,
        by: names.officer(one.by),
      }))
      .reverse(),
    keep: keep.decision === 'permit' ? { isAllowed: true } : { isAllowed: false, ...keep },
    formToken: turn.signedIn.formToken,
    ...(refused ? { refused } : {}),
  }
  return turn.page('officer/contact', model, refused ? 409 : 200)
}

const FACTS = [
  'country',
  'legalOrder',
  'node',
  'person',
  'mail',
  'phone',
  'web',
  'securityTxt',
  'key',
  'hours',
  'notes',
] as const

function factsOf(contact: Contact): ContactModel['facts'] {
  return FACTS.flatMap((field) => {
    const text = contact[field]
    if (text === null) return []
    return [{ field, text, isLink: field === 'web' || field === 'securityTxt' }]
  })
}

async function stored(turn: OfficerTurn, id: string): Promise<readonly ContactVersion[]> {
  const found = await turn.kit.kernel.contacts.find(id)
  if (!found || found.history.at(-1)?.change === 'removed') {
    throw malformed('there is no such entry', { reason: 'unknown-contact' })
  }
  return found.history
}

function newest(history: readonly ContactVersion[]): ContactVersion {
  const last = history.at(-1)
  if (!last) throw malformed('there is no such entry', { reason: 'unknown-contact' })
  return last
}

async function formPage(
  turn: OfficerTurn,
  id: string | undefined,
  { values, errors, refusedNow }: ShownForm,
  status = 200,
): Promise<FastifyReply> {
  const action =
    id === undefined
      ? linkTo(turn.lang, 'officerAddContact')
      : linkTo(turn.lang, 'officerChangeContact', { contactId: id })
  const version = typeof values['version'] === 'string' ? values['version'] : ''
  const form = formModel('addContact', contactInput as FormSchema, values, errors, {
    widgets: { notes: 'textarea' },
    action,
    hidden: { formToken: turn.signedIn.formToken, ...(id === undefined ? {} : { version }) },
    decision: turn.may(KEEP_CONTACTS),
  })
  const contact =
    id === undefined ? undefined : { id, name: newest(await stored(turn, id)).contact.name }
  const model = { form, ...(contact ? { contact } : {}), ...(refusedNow ? { refusedNow } : {}) }
  return turn.page('officer/contact-form', model, status)
}

function valuesOf(contact: Contact, version: number): RawValues {
  const { verifiedOn: _, verifiedBy: __, ...fields } = contact
  const typed = Object.entries(fields).map(([name, value]) => [name, value ?? ''])
  return { ...Object.fromEntries(typed), version: String(version) }
}

async function added(turn: OfficerTurn, _: Params, reply: FastifyReply): Promise<FastifyReply> {
  const read = readContact(turn)
  if (!read.isValid) return formPage(turn, undefined, { values: turn.sent, ...read }, 400)
  const written = await addContact(turn.kit.kernel, read.input as ContactInput, turn.acting)
  return answer(turn, undefined, written, reply)
}

async function changed(
  turn: OfficerTurn,
  { contactId: id }: Params,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const read = readContact(turn)
  if (!read.isValid) return formPage(turn, id, { values: turn.sent, ...read }, 400)
  const command = { id, version: versionSent(turn), input: read.input as ContactInput }
  const written = await changeContact(turn.kit.kernel, command, turn.acting)
  return answer(turn, id, written, reply)
}

async function done(
  turn: OfficerTurn,
  id: string,
  reply: FastifyReply,
  change: typeof verifyContact,
): Promise<FastifyReply> {
  await stored(turn, id)
  const written = await change(turn.kit.kernel, { id, version: versionSent(turn) }, turn.acting)
  if (written.decision === 'refuse') return contactPage(turn, id, written.because)
  const isThere = (await listContacts(turn.kit.kernel)).some((one) => one.id === id)
  const place = isThere
    ? linkTo(turn.lang, 'officerContact', { contactId: id })
    : linkTo(turn.lang, 'officerContacts')
  return seeOther(reply, place)
}

async function answer(
  turn: OfficerTurn,
  id: string | undefined,
  written: Written,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (written.decision === 'permit') {
    const place = linkTo(turn.lang, 'officerContact', { contactId: written.value.id })
    return seeOther(reply, place)
  }
  const shown = { values: turn.sent, errors: [], refusedNow: written.because }
  return formPage(turn, id, shown, statusOfRefusal(written.why))
}

function readContact({ sent, kit }: OfficerTurn): ReadForm {
  const hints = { widgets: { notes: 'textarea' }, zone: kit.site.zone } as const
  return readSoundForm(contactInput, sent, hints)
}

function versionSent({ sent }: OfficerTurn): number {
  const { version } = sent
  return typeof version === 'string' && /^\d{1,9}$/.test(version) ? Number(version) : 0
}

function textSent({ sent }: OfficerTurn, name: string, lengthMax: number): string {
  const text = sent[name]
  return typeof text === 'string' ? text.slice(0, lengthMax).trim() : ''
}
