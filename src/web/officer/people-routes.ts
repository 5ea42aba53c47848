/**
 * People: who works here, one person, the reader's own place, the duty roster, and one
 * form for every act about people. Decides nothing: the acts in app/people do.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { caseActs } from '../../app/acts.ts'
import {
  type EmergencyContact,
  emergencyInput,
  SET_EMERGENCY_CONTACT,
  setEmergencyContact,
} from '../../app/people/emergency-contact.ts'
import type { PeopleAct } from '../../app/people/people-act.ts'
import { findPeopleAct } from '../../app/people/people-acts.ts'
import { readStanding } from '../../app/people/standing.ts'
import { PROVIDER_MEANS } from '../../app/ports/staff.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import type { DeskActionGroup } from '../../core/access/rules.ts'
import { ROLES } from '../../core/case/recorded.ts'
import { personOf, type Standing } from '../../core/people/standing.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { Choice, FormHints, FormSchema } from '../form/field-spec.ts'
import { formModel, type RawValues, type ShownForm } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { formatInstant } from '../instants.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { type Names, namesOf } from './case/names.ts'
import { type DeskActPlace, deskActRoutes } from './desk-act-form.ts'
import { dutyModel } from './duty/presenter.ts'
import { myStandingModel } from './my-standing/presenter.ts'
import { peopleModel } from './people/presenter.ts'
import { personModel } from './person/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

type Params = { readonly officer: string }

/** To look at how another person stands. */
const READ_PERSON = { name: 'readPerson', group: 'control' } as const

export function peopleRoutes(server: FastifyInstance, kit: SiteKit): void {
  const get = (
    name: RouteName,
    handler: (turn: OfficerTurn, params: Params) => Promise<FastifyReply>,
    group: DeskActionGroup = 'ownMatters',
  ) =>
    officerRoute(server, kit, {
      method: 'GET',
      url: ROUTES[name],
      group,
      handler: (turn, request) => handler(turn, request.params as Params),
    })
  get('officerPeople', async (turn) => {
    const isOpenToReader = turn.may(READ_PERSON).decision === 'permit'
    return turn.page('officer/people', await peopleModel(await sightOf(turn), isOpenToReader))
  })
  get('officerMe', async (turn) =>
    turn.page('officer/my-standing', await myStandingModel(await sightOf(turn))),
  )
  get('officerDuty', (turn) => dutyPage(turn, { values: {}, errors: [] }))
  const person = async (turn: OfficerTurn, { officer }: Params) => {
    const sight = await sightOf(turn)
    if (!personOf(sight.standing, officer)) throw malformed('there is no such person')
    return turn.page('officer/person', await personModel(sight, officer))
  }
  get('officerPerson', person, 'control')
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerEmergencyContact,
    group: 'ownMatters',
    handler: async (turn, _request, reply) => {
      const schema = emergencyInput as FormSchema
      const read = readForm(schema, turn.sent, { zone: turn.kit.site.zone })
      const values = turn.sent
      if (!read.isValid) return dutyPage(turn, { values, errors: read.errors }, 400)
      const { kernel } = turn.kit
      const decision = await setEmergencyContact(
        kernel,
        read.input as EmergencyContact,
        turn.acting,
      )
      if (decision.decision === 'permit') {
        const place = linkTo(turn.lang, 'officerDuty')
        return seeOther(reply, place)
      }
      const shown = { values, errors: [], refusedNow: decision.because }
      return dutyPage(turn, shown, statusOfRefusal(decision.why))
    },
  })
  deskActRoutes(server, kit, {
    route: 'officerPeopleAct',
    page: 'officer/people-act',
    group: 'ownMatters',
    find: findPeopleAct,
    startAt: preselected,
    placeOf,
  })
}

async function dutyPage(
  turn: OfficerTurn,
  { values, errors, refusedNow }: ShownForm,
  status = 200,
): Promise<FastifyReply> {
  const form = formModel('setEmergencyContact', emergencyInput as FormSchema, values, errors, {
    action: linkTo(turn.lang, 'officerEmergencyContact'),
    hidden: { formToken: turn.signedIn.formToken },
    decision: turn.may(SET_EMERGENCY_CONTACT),
  })
  const shown = refusedNow ? { form, refusedNow } : { form }
  return turn.page('officer/duty', await dutyModel(await sightOf(turn), shown), status)
}

/** What the presenters of these pages read. */
export type PeopleSight = {
  readonly turn: OfficerTurn
  readonly standing: Standing
  readonly names: Names
}

async function sightOf(turn: OfficerTurn): Promise<PeopleSight> {
  const { kernel } = turn.kit
  const [standing, names] = await Promise.all([readStanding(kernel), namesOf(kernel)])
  return { turn, standing, names }
}

async function placeOf(
  turn: OfficerTurn,
  act: PeopleAct,
  values: RawValues,
): Promise<DeskActPlace> {
  const sight = await sightOf(turn)
  const hints = hintsOf(act, sight)
  const choices = { ...hints.choices, ...(await restoredChoices(act, sight, values)) }
  const { officer } = values
  const named = typeof officer === 'string' && personOf(sight.standing, officer)
  return {
    hints: { ...hints, choices },
    back: backFrom(turn, act, values),
    ...(named ? { about: sight.names.officer(named.officer) } : {}),
  }
}

/** What a suspended account had: the roles and means that somebody may vouch for. */
async function restoredChoices(
  { name }: PeopleAct,
  sight: PeopleSight,
  { officer }: RawValues,
): Promise<Readonly<Record<string, readonly Choice[]>>> {
  if (name !== 'confirmAccount') return {}
  const { kernel, site } = sight.turn.kit
  const suspended = sight.standing.people.filter(({ state }) => state === 'suspended')
  const found = suspended.find((one) => one.officer === officer)
  const id = found?.officer ?? ''
  const [means, passkeys] = await Promise.all([
    found ? kernel.staff.meansOf(id) : [],
    found ? (kernel.signIn.passkeys?.of(id) ?? []) : [],
  ])
  const textOf = (one: string) => {
    const passkey = passkeys.find((held) => held.id === one)
    if (!passkey) return one.replace(PROVIDER_MEANS, '')
    return `${passkey.name} (${formatInstant(passkey.createdAt, site.zone, sight.turn.lang)})`
  }
  return {
    officer: suspended.map((one) => person(sight, one.officer)),
    roles: (found?.roles ?? []).map((role) => ({ value: role, key: `word.role.${role}` })),
    means: means.map((value) => ({ value, text: textOf(value) })),
  }
}

const OF_ROSTER = ['planShift', 'cancelShift', 'handOverDuty', 'acceptDuty']
const OF_PEOPLE = ['setLiaisonTerm', 'nameSuccessor', 'rotateLiaison', 'declareConflictOf']

function backFrom(turn: OfficerTurn, act: PeopleAct, { officer }: RawValues): string {
  if (OF_ROSTER.includes(act.name)) return linkTo(turn.lang, 'officerDuty')
  const mayRead = turn.may(READ_PERSON).decision === 'permit'
  if (mayRead && typeof officer === 'string' && isUuid(officer)) {
    return linkTo(turn.lang, 'officerPerson', { officer })
  }
  const isOfOthers = OF_PEOPLE.includes(act.name) || (mayRead && act.name === 'withdrawConflict')
  return linkTo(turn.lang, isOfOthers ? 'officerPeople' : 'officerMe')
}

const ABOUT = ['officer', 'shiftId', 'termId', 'absenceId', 'conflictId', 'delegationId']

/** An act that was opened from one thing stands on that thing. */
function preselected({ name, input }: PeopleAct, about: string): RawValues {
  if (name === 'declareConflict') return { kind: 'case', subject: about }
  const field = ABOUT.find((one) => Object.hasOwn(input.properties, one))
  return field ? { [field]: about } : {}
}

/** Choices that are data. A field that the act does not have is left out. */
function hintsOf({ name, input }: PeopleAct, sight: PeopleSight): FormHints {
  const { turn, standing } = sight
  const people = standing.people.filter(({ state }) => state === 'active' || state === 'leaving')
  const all = people.map(({ officer }) => person(sight, officer))
  const active = people
    .filter(({ state }) => state === 'active')
    .map(({ officer }) => person(sight, officer))
  const others = active.filter(({ value }) => value !== turn.acting.officer)
  const own = personOf(standing, turn.acting.officer)?.roles ?? []
  const choices: Readonly<Record<string, readonly Choice[]>> = {
    officer: all,
    to: others,
    successor: active,
    peer: turn.kit.kernel.peers.all().map(({ id, name: text }) => ({ value: id, text })),
    acts: caseActs.map((act) => ({ value: act.name, key: `act.${act.name}` })),
    ...thingsOf(sight),
    roles: (name === 'giveDelegation' ? own : ROLES).map((role) => ({
      value: role,
      key: `word.role.${role}`,
    })),
  }
  const fields = Object.entries(choices).filter(([field]) => Object.hasOwn(input.properties, field))
  return { choices: Object.fromEntries(fields), widgets: { confirmed: 'confirm' } }
}

function person({ names }: PeopleSight, officer: string): Choice {
  return { value: officer, text: names.officer(officer) }
}

/** How others stand is for whoever may look at a person; the roster and the terms are for all. */
function thingsOf({ turn, standing, names }: PeopleSight): Record<string, readonly Choice[]> {
  const isOpen = turn.may(READ_PERSON).decision === 'permit'
  const isSeen = (...people: readonly string[]) => isOpen || people.includes(turn.acting.officer)
  const { zone } = turn.kit.site
  const when = (at: Parameters<typeof formatInstant>[0]) => formatInstant(at, zone, turn.lang)
  const isLive = ({ endedAt }: { readonly endedAt: unknown }) => endedAt === null
  return {
    shiftId: standing.shifts
      .filter(({ state }) => state !== 'cancelled')
      .map(({ shiftId, officer, fromAt }) => ({
        value: shiftId,
        text: `${names.officer(officer)}, ${when(fromAt)}`,
      })),
    termId: standing.terms.filter(isLive).map(({ termId, officer, untilAt }) => ({
      value: termId,
      text: `${names.officer(officer)}, ${when(untilAt)}`,
    })),
    absenceId: standing.absences
      .filter((one) => isLive(one) && isSeen(one.officer))
      .map(({ absenceId, officer, fromAt }) => ({
        value: absenceId,
        text: `${names.officer(officer)}, ${when(fromAt)}`,
      })),
    conflictId: standing.conflicts
      .filter((one) => isLive(one) && isSeen(one.officer))
      .map(({ conflictId, officer, declaredAt }) => ({
        value: conflictId,
        text: `${names.officer(officer)}, ${when(declaredAt)}`,
      })),
    delegationId: standing.delegations
      .filter((one) => isLive(one) && isSeen(one.from, one.to))
      .map(({ delegationId, from, to }) => ({
        value: delegationId,
        text: `${names.officer(from)} → ${names.officer(to)}`,
      })),
  }
}
