import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import type { AuthorityEvent } from '../authority/authority.ts'
import type { Role } from '../case/recorded.ts'
import { foldStanding, noStanding, type Standing } from './standing.ts'
import { unlawfulStep } from './unlawful-step.ts'

const AT = instant('2026-11-22T12:00:00.000Z')
const SPAN = { fromAt: AT, untilAt: instant('2026-11-23T12:00:00.000Z') }
const ROLES: Readonly<Record<string, readonly Role[]>> = {
  ada: ['caseOfficer', 'liaison'],
  bob: ['caseOfficer'],
  root: ['administrator'],
  toor: ['administrator'],
  eye: ['oversight'],
}
const recorded = (event: AuthorityEvent, by: string) => ({ event, by, at: AT, version: 1 })

function after(standing: Standing, event: AuthorityEvent, by: string): Standing {
  return foldStanding(standing, recorded(event, by))
}

const office = Object.entries(ROLES).reduce(
  (standing, [officer, roles]) =>
    after(standing, { type: 'officerEnrolled', officer, publicKey: '', roles }, 'node.example'),
  noStanding,
)

const roles: AuthorityEvent = {
  type: 'officerRolesChanged',
  officer: 'bob',
  roles: ['liaison'],
  note: 'n',
}
const leave: AuthorityEvent = { type: 'leavingStarted', officer: 'bob', note: 'n' }
const left: AuthorityEvent = { type: 'officerLeft', officer: 'bob' }
const conflict: AuthorityEvent = {
  type: 'conflictDeclared',
  conflictId: 'c',
  officer: 'ada',
  note: 'n',
}
const cleared: AuthorityEvent = { type: 'conflictWithdrawn', conflictId: 'c', note: 'n' }
const away: AuthorityEvent = { type: 'absenceSet', absenceId: 'a', officer: 'ada', ...SPAN }
const lend: AuthorityEvent = {
  type: 'delegationGiven',
  delegationId: 'd',
  from: 'ada',
  to: 'bob',
  roles: ['liaison'],
  acts: null,
  ...SPAN,
}
const unlent: AuthorityEvent = { type: 'delegationWithdrawn', delegationId: 'd' }
const shift: AuthorityEvent = { type: 'shiftPlanned', shiftId: 's', officer: 'ada', ...SPAN }
const accepted: AuthorityEvent = { type: 'dutyAccepted', shiftId: 's', officer: 'ada' }

const lent = after(office, lend, 'ada')
const inConflict = after(office, conflict, 'ada')
const leaving = after(office, leave, 'root')
const suspend: AuthorityEvent = { type: 'accountSuspended', officer: 'bob' }
const suspendRoot: AuthorityEvent = { type: 'accountSuspended', officer: 'root' }
const confirm: AuthorityEvent = {
  type: 'accountConfirmed',
  officer: 'bob',
  roles: ['caseOfficer'],
}
const confirmRoot: AuthorityEvent = {
  type: 'accountConfirmed',
  officer: 'root',
  roles: ['administrator'],
}
const wayBack: AuthorityEvent = { type: 'wayBackGiven', officer: 'bob' }
const cameBack: AuthorityEvent = { type: 'wayBackUsed', officer: 'bob', givenBy: 'root' }
const given = after(office, wayBack, 'root')
const suspended = after(after(office, suspend, 'node.example'), suspendRoot, 'node.example')

test('whoever had business with an event is not held against it', () => {
  const good: readonly [Standing, AuthorityEvent, string][] = [
    [office, roles, 'root'],
    [office, leave, 'root'],
    [leaving, left, 'toor'],
    [leaving, left, 'eye'],
    [office, left, 'node.example'],
    [office, conflict, 'ada'],
    [office, conflict, 'eye'],
    [inConflict, cleared, 'eye'],
    [office, away, 'ada'],
    [office, away, 'root'],
    [office, lend, 'ada'],
    [lent, unlent, 'ada'],
    [lent, unlent, 'bob'],
    [lent, unlent, 'root'],
    [office, shift, 'eye'],
    [office, accepted, 'ada'],
    [office, suspend, 'node.example'],
    [suspended, confirm, 'toor'],
    [suspended, confirmRoot, 'toor'],
    [suspended, confirmRoot, 'node.example'],
    [office, wayBack, 'root'],
    [given, cameBack, 'node.example'],
    [office, { type: 'officerEnrolled', officer: 'x', publicKey: '', roles: [] }, 'node.example'],
  ]
  for (const [standing, event, by] of good) {
    assert.equal(unlawfulStep(standing, recorded(event, by)), undefined, `${event.type} by ${by}`)
  }
})

test('an event about people by the wrong person, or by nobody, is named', () => {
  const bad: readonly [Standing, AuthorityEvent, string][] = [
    [office, wayBack, 'ada'],
    [office, wayBack, 'eye'],
    [office, wayBack, 'bob'],
    [office, wayBack, 'node.example'],
    [office, cameBack, 'node.example'],
    [given, { ...cameBack, givenBy: 'toor' } as AuthorityEvent, 'node.example'],
    [given, { ...cameBack, officer: 'ada' } as AuthorityEvent, 'node.example'],
    [given, cameBack, 'root'],
    [given, cameBack, 'bob'],
    [after(given, cameBack, 'node.example'), cameBack, 'node.example'],
    [office, roles, 'ada'],
    [office, roles, 'eye'],
    [office, { ...roles, officer: 'root' } as AuthorityEvent, 'root'],
    [office, roles, 'node.example'],
    [office, roles, 'nobody'],
    [office, leave, 'bob'],
    [office, { ...leave, officer: 'root' } as AuthorityEvent, 'root'],
    [leaving, left, 'root'],
    [leaving, left, 'bob'],
    [leaving, left, 'ada'],
    [office, left, 'ada'],
    [leaving, away, 'bob'],
    [office, conflict, 'bob'],
    [inConflict, cleared, 'ada'],
    [inConflict, cleared, 'bob'],
    [office, away, 'bob'],
    [office, away, 'eye'],
    [office, conflict, 'root'],
    [lent, unlent, 'eye'],
    [office, lend, 'bob'],
    [office, lend, 'root'],
    [lent, unlent, 'node.example'],
    [office, shift, 'ada'],
    [office, accepted, 'bob'],
    [office, accepted, 'root'],
    [office, suspend, 'root'],
    [office, suspend, 'bob'],
    [suspended, confirm, 'node.example'],
    [suspended, confirm, 'bob'],
    [suspended, confirm, 'eye'],
    [suspended, confirmRoot, 'root'],
    [office, confirmRoot, 'node.example'],
    [suspended, roles, 'root'],
    [suspended, { ...confirmRoot, roles: ['administrator', 'liaison'] }, 'node.example'],
  ]
  for (const [standing, event, by] of bad) {
    assert.ok(unlawfulStep(standing, recorded(event, by)), `${event.type} by ${by}`)
  }
})
