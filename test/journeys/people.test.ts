/**
 * People at the pages of real nodes: a conflict that bars a release, somebody who
 * stands in, a duty that changes hands, an account that ends, the contact directory.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS } from '../../src/base/time.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { localTimeOf } from '../../src/web/form/read-form.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace, type PageAnswer, type Workspace } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('5.transfer-refused')
const caseId = caseAt(telling.story, 'meridia')
const node = world.node('meridia')
const officer = await enterWorkspace(node, 'case-officer-1')
const colleague = await enterWorkspace(node, 'case-officer-2')
const liaison = await enterWorkspace(node, 'liaison')
const oversight = await enterWorkspace(node, 'oversight')
const administrator = await enterWorkspace(node, 'administrator')
for (const who of [colleague, liaison, oversight, administrator]) await who.hand.prove()
const idOf = (key: string) => node.officers.find((one) => one.key === key)?.id ?? ''
const REASON = 'for the story of this test, which is invented'
const RELEASE = {
  purpose: 'investigation',
  legalBasis: REASON,
  necessity: REASON,
  proportionality: REASON,
  nonDiscrimination: REASON,
  leastIntrusive: REASON,
  expression: REASON,
}
const ZONE = 'Europe/Brussels'

/** Case time runs ahead in a demonstration: counted from what the page says now. */
const now = Date.now() + 30 * DAY_MS
const at = (ms: number) => localTimeOf(new Date(now + ms).toISOString() as never, ZONE)

async function send(
  who: Workspace,
  act: string,
  values: Readonly<Record<string, string | string[]>>,
  about?: string,
): Promise<PageAnswer> {
  const query = about === undefined ? '' : `?about=${about}`
  const page = await who.get(`/en/officer/people-acts/${act}${query}`)
  assert.equal(page.status, 200, `${act}: ${page.status}`)
  const form = formIn(page.html, `/people-acts/${act}`)
  fill(form, values)
  return who.send(form)
}

test('everybody of the authority sees who works there; only control looks at a person', async () => {
  for (const who of [officer, liaison, oversight, administrator]) {
    assert.equal((await who.get('/en/officer/people')).status, 200)
    assert.equal((await who.get('/en/officer/me')).status, 200)
    assert.equal((await who.get('/en/officer/duty')).status, 200)
  }
  const place = `/en/officer/people/${idOf('reviewer')}`
  for (const who of [officer, liaison]) assert.equal((await who.get(place)).status, 403)
  for (const who of [oversight, administrator]) assert.equal((await who.get(place)).status, 200)
  for (const wrong of ['x', '00000000-0000-4000-8000-000000000000', "'--"]) {
    const answer = await administrator.get(`/en/officer/people/${encodeURIComponent(wrong)}`)
    assert.ok(answer.status === 400 || answer.status === 404, `${wrong}: ${answer.status}`)
  }
})

test('an administrator sees nothing of what a conflict is about, and neither does a stranger', async () => {
  const declared = await send(officer, 'declareConflict', {
    kind: 'operator',
    subject: 'Thistle Invented Systems',
    ground: 'formerEmployment',
  })
  assert.equal(declared.location, '/en/officer/me')
  assert.match((await officer.get('/en/officer/me')).html, /Thistle Invented Systems/)
  const person = (await administrator.get(`/en/officer/people/${idOf('case-officer-1')}`)).html
  assert.ok(!person.includes('Thistle') && person.includes('Declared'))
  assert.ok(!(await colleague.get('/en/officer/me')).html.includes('Thistle'))
  const [, conflict = ''] = /withdrawConflict\?about=([0-9a-f-]{36})/.exec(person) ?? []
  assert.ok(conflict, 'control is offered its end')
  for (const who of [colleague, liaison]) {
    const form = await who.get('/en/officer/people-acts/withdrawConflict')
    assert.ok(!form.html.includes(conflict), 'a form lists no conflict of others')
  }
  for (const values of [
    { kind: 'case', subject: 'the big one', ground: 'other' },
    { kind: 'authority', subject: 'nowhere.example', ground: 'other' },
  ]) {
    const refused = await send(officer, 'declareConflict', values)
    assert.equal(refused.status, 409)
    assert.match(refused.html, /subjectUnclear/)
  }
})

test('who declared a conflict in a case does not release it; somebody else confirms its end', async () => {
  const declared = await send(colleague, 'declareConflict', { ground: 'family' }, caseId)
  assert.equal(declared.location, '/en/officer/me')
  const release = { recipient: 'albion.example', categories: ['caseSummary'], ...RELEASE }
  const place = `/en/officer/cases/${caseId}/acts/releaseToPeer`
  const form = formIn((await colleague.get(place)).html, '/acts/releaseToPeer')
  fill(form, release)
  const barred = await colleague.send(form)
  assert.equal(barred.status, 403)
  assert.match(barred.html, /conflictOfInterest/)
  const conflict = /people-acts\/withdrawConflict\?about=([0-9a-f-]{36})/
  const html = (await oversight.get(`/en/officer/people/${idOf('case-officer-2')}`)).html
  const [, id = ''] = conflict.exec(html) ?? []
  assert.ok(id, 'oversight is offered to confirm the end')
  const ended = await send(
    oversight,
    'withdrawConflict',
    { ground: 'mistaken', confirmed: 'true' },
    id,
  )
  assert.equal(ended.status, 303)
  const free = await colleague.hand.act(caseId, 'releaseToPeer', release)
  assert.ok('done' in free, 'nothing else stood in its way')
  const own = await colleague.get('/en/officer/people-acts/withdrawConflict')
  assert.ok(own.status === 403 || /disabled/.test(own.html))
})

test('an absence, and somebody who stands in: with dates, without reasons, and no more than one has', async () => {
  const away = { fromAt: at(DAY_MS), untilAt: at(3 * DAY_MS) }
  assert.equal((await send(officer, 'setAbsence', away)).location, '/en/officer/me')
  const twice = await send(officer, 'setAbsence', away)
  assert.equal(twice.status, 409)
  assert.match(twice.html, /people:overlapping/)
  const lend = { to: idOf('case-officer-2'), confirmed: 'true' }
  const much = await send(liaison, 'giveDelegation', { ...lend, roles: ['liaison'], ...away })
  assert.equal(much.location, '/en/officer/me')
  assert.match((await colleague.get('/en/officer/me')).html, /Liaison/)
  const toAdministrator = { ...lend, to: idOf('administrator'), roles: ['liaison'], ...away }
  const refused = await send(liaison, 'giveDelegation', toAdministrator)
  assert.equal(refused.status, 409)
  assert.match(refused.html, /people:wouldJoinRoles/)
  const unconfirmed = await send(liaison, 'giveDelegation', {
    to: lend.to,
    roles: ['liaison'],
    ...away,
  })
  assert.equal(unconfirmed.status, 400)
})

test('roles are changed by somebody else, with a tick, and the record says why', async () => {
  const place = `/en/officer/people/${idOf('case-officer-2')}`
  const change = { roles: ['caseOfficer', 'liaison'], ground: 'covering', confirmed: 'true' }
  const bad = await send(
    administrator,
    'changeRoles',
    { ...change, roles: ['caseOfficer', 'administrator'] },
    idOf('case-officer-2'),
  )
  assert.equal(bad.status, 409)
  assert.match(bad.html, /people:rolesCannotMeet/)
  const done = await send(administrator, 'changeRoles', change, idOf('case-officer-2'))
  assert.equal(done.location, place)
  const html = (await administrator.get(place)).html
  assert.match(html, /covers for somebody/)
  const own = await send(
    administrator,
    'changeRoles',
    { ...change, roles: ['caseOfficer'] },
    idOf('administrator'),
  )
  assert.equal(own.status, 409)
})

test('an account that is ended is signed out at once; a second person finishes', async () => {
  const leaver = idOf('reviewer')
  const reviewer = await enterWorkspace(node, 'reviewer')
  assert.equal((await reviewer.get('/en/officer/me')).status, 200)
  const end = { ground: 'moves', confirmed: 'true' }
  assert.equal((await send(administrator, 'endAccount', end, leaver)).status, 303)
  const after = await reviewer.get('/en/officer/me')
  assert.ok(after.status === 303 || after.status === 401, `still in: ${after.status}`)
  const page = await administrator.get(`/en/officer/people/${leaver}`)
  assert.match(page.html, /being ended/)
  assert.match(page.html, /samePerson|workOpen/)
  const finished = await send(oversight, 'finishLeaving', { confirmed: 'true' }, leaver)
  assert.equal(finished.status, 303)
  const gone = await administrator.get(`/en/officer/people/${leaver}`)
  assert.match(gone.html, /Has left/)
  assert.ok(!gone.html.includes('people-acts/keepAccount'), 'who has left is not kept')
})

test('the directory: added, found, changed, verified, removed; bad entries and stale changes refused', async () => {
  const place = '/en/officer/contacts'
  const add = async (values: Readonly<Record<string, string>>) => {
    const form = formIn((await liaison.get(`${place}/add`)).html, '/contacts/add')
    fill(form, values)
    return liaison.send(form)
  }
  const entry = {
    kind: 'cert',
    name: 'Invented Team (fictional)',
    country: 'BE',
    mail: 'duty@cert.example',
    hours: '24/7',
    notes: 'A note that is not searched',
  }
  for (const bad of [
    { ...entry, mail: 'nobody' },
    { ...entry, country: 'b1' },
    { ...entry, web: 'javascript:alert(1)' },
  ]) {
    assert.equal((await add(bad)).status, 409, JSON.stringify(bad))
  }
  assert.equal((await add({ ...entry, name: '' })).status, 400)
  const added = await add(entry)
  assert.equal(added.status, 303)
  assert.equal((await add(entry)).status, 409, 'it stands once')
  const search = async (question: string) => {
    const form = formIn((await officer.get(place)).html, '/contacts')
    fill(form, { question })
    return (await officer.send(form)).html
  }
  assert.match(await search('invented be'), /Invented Team/)
  assert.ok(!(await search('searched')).includes('Invented Team'))
  const at1 = added.location ?? ''
  const stale = formIn((await liaison.get(at1)).html, '/verify')
  const change = formIn((await liaison.get(`${at1}/change`)).html, '/change')
  fill(change, { phone: '+32 2 555 01 23' })
  assert.equal((await liaison.send(change)).status, 303)
  assert.equal(
    (await liaison.send(stale)).status,
    409,
    'what was verified is not what stands there',
  )
  const fresh = formIn((await liaison.get(at1)).html, '/verify')
  assert.equal((await liaison.send(fresh)).status, 303)
  assert.match((await officer.get(at1)).html, /Verified/)
  assert.equal((await administrator.get(at1)).status, 200)
  const readOnly = await oversight.get(at1)
  assert.ok(!readOnly.html.includes(`${at1}/verify"`))
  assert.equal((await oversight.send(fresh)).status, 403, 'a form of another session')
  const remove = formIn((await liaison.get(at1)).html, '/remove')
  assert.equal((await liaison.send(remove)).location, place)
  assert.ok(!(await officer.get(place)).html.includes('Invented Team'))
})

test('the duty is planned, handed over and accepted by the next person', async () => {
  const plan = (who: string, from: number, until: number) =>
    send(oversight, 'planShift', { officer: idOf(who), fromAt: at(from), untilAt: at(until) })
  assert.equal((await plan('case-officer-1', 5 * DAY_MS, 5 * DAY_MS + 8 * HOUR_MS)).status, 303)
  const overlap = await plan('liaison', 5 * DAY_MS + HOUR_MS, 5 * DAY_MS + 9 * HOUR_MS)
  assert.equal(overlap.status, 409)
  assert.match(overlap.html, /people:overlapping/)
  const page = (await officer.get('/en/officer/duty')).html
  assert.match(page, /Nobody has accepted the duty/)
  assert.match(page, /notHandedOver|notOnDuty/)
  assert.equal((await officer.get('/en/officer/people-acts/planShift')).status, 200)
})

test('how an authority is reached in an emergency is told to its peers, and only by control', async () => {
  const place = '/en/officer/duty'
  const set = async (who: Workspace, values: Readonly<Record<string, string>>) => {
    const form = formIn((await who.get(place)).html, '/duty/emergency')
    fill(form, values)
    return who.send(form)
  }
  const contact = { phone: '+32 2 555 01 99', hours: '24/7' }
  assert.equal((await set(officer, contact)).status, 403)
  assert.equal((await set(administrator, { ...contact, phone: 'call me' })).status, 409)
  assert.equal((await set(administrator, { ...contact, phone: '' })).status, 400)
  assert.equal((await set(administrator, contact)).location, place)
  assert.match((await officer.get(place)).html, /\+32 2 555 01 99/)
  const albion = await enterWorkspace(world.node('albion'), 'liaison')
  const isThere = async () => (await albion.get(place)).html.includes(contact.phone)
  await waitFor('the contact at the peer', isThere)
  const directory = await albion.get('/en/officer/contacts')
  assert.match(directory.html, /Meridia/)
})
