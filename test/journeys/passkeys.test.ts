/**
 * The first administrator with the setup code, people with invitations, passkeys of
 * virtual authenticators in a real browser, and what must not open anything: wrong
 * and used codes, answers sent twice, copied passkeys.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { launchBrowser } from '../support/browser.ts'
import {
  cookieOf,
  type Device,
  enrol,
  newDevice,
  setUpSignInNode,
  signInWithPasskey,
  signOut,
} from '../support/sign-in-node.ts'

const node = await setUpSignInNode('passkeys.example')
let serving = await node.start()
const browser = await launchBrowser()
after(() => browser.close())
const administrator = await newDevice(browser, node.baseUrl)
const officer = await newDevice(browser, node.baseUrl)
const SETUP = '/en/officer/enrol/setup'
const FAILED = 'This did not prove who you are'

const api = (path: string, init: RequestInit = {}) => fetch(node.baseUrl + path, init)
const answerTo = (path: string, answer: unknown) =>
  api(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ answer }),
  })
const isSeen = (device: Device, text: string) => device.page.getByText(text).first().waitFor()

async function typeCode(place: string, code: string): Promise<Response> {
  return api(place, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ code }),
  })
}

test('a wrong setup code opens nothing; the right one makes the first administrator', async () => {
  const code = node.setupCode()
  for (const wrong of ['', 'x', code.slice(1), 'AAAA-'.repeat(6), code.replace(/.$/, '*')]) {
    const answer = await typeCode(SETUP, wrong)
    assert.equal(answer.status, 401, wrong)
    assert.deepEqual(answer.headers.getSetCookie(), [])
  }
  assert.doesNotMatch(serving.printed(), new RegExp(code), 'what a service prints is kept')
  await enrol(administrator, SETUP, code.toLowerCase(), 'Ada Root (invented)')
  await isSeen(administrator, 'Ada Root (invented)')
  await isSeen(administrator, 'Key of the test')
  assert.equal((await typeCode(SETUP, code)).status, 401, 'it works once')
})

test('signing in with the passkey gives a new session; the answer works once', async () => {
  const before = await cookieOf(administrator)
  await signOut(administrator)
  const sent = administrator.page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/officer/passkey'),
  )
  await signInWithPasskey(administrator)
  await administrator.page.waitForURL('**/officer/sign-in-desk')
  const answer = new URLSearchParams((await sent).postData() ?? '').get('answer') ?? ''
  assert.notEqual(await cookieOf(administrator), before)
  assert.equal((await api('/api/v1/me', { headers: { cookie: before } })).status, 401)
  const me = await api('/api/v1/me', { headers: { cookie: await cookieOf(administrator) } })
  const { session } = (await me.json()) as { session: Record<string, unknown> }
  assert.equal(session['method'], 'passkey')
  assert.equal(session['formKey'], undefined)
  assert.ok(session['steppedUpAt'])
  assert.equal((await answerTo('/api/v1/sign-in/passkey', JSON.parse(answer))).status, 401)
})

test('what is no answer of a passkey is refused alike', async () => {
  const options = (await (
    await api('/api/v1/sign-in/passkey/options', { method: 'POST' })
  ).json()) as {
    challenge: string
  }
  const clientData = (more: object) =>
    Buffer.from(
      JSON.stringify({
        type: 'webauthn.get',
        origin: node.baseUrl,
        challenge: options.challenge,
        ...more,
      }),
    ).toString('base64url')
  const good = {
    id: 'AAAA',
    rawId: 'AAAA',
    type: 'public-key',
    clientExtensionResults: {},
    response: { clientDataJSON: clientData({}), authenticatorData: 'AAAA', signature: 'AAAA' },
  }
  const bad: unknown[] = [
    null,
    1,
    'text',
    [],
    {},
    { ...good, id: 'A'.repeat(5000) },
    { ...good, id: '" or 1=1' },
    { ...good, type: 'password' },
    { ...good, response: {} },
    { ...good, response: { ...good.response, clientDataJSON: 'AAAA' } },
    { ...good, response: { ...good.response, clientDataJSON: clientData({ challenge: 'x' }) } },
    { ...good, response: { ...good.response, clientDataJSON: clientData({ challenge: 7 }) } },
    good,
    good,
  ]
  const texts = new Set<string>()
  for (const answer of bad) {
    const response = await answerTo('/api/v1/sign-in/passkey', answer)
    assert.equal(response.status, 401, JSON.stringify(answer))
    texts.add(await response.text())
  }
  assert.equal(texts.size, 1, 'nobody learns what was wrong')
})

test('a person with an invitation makes a passkey; codes of others and second tries open nothing', async () => {
  const { page } = administrator
  await page.goto('/en/officer/sign-in-desk')
  await page.getByRole('button', { name: 'Invite' }).click()
  await isSeen(administrator, 'at least one role')
  await page.getByLabel('Name of the person').fill('Odo Case (invented)')
  await page.getByLabel('Case officer').check()
  await page.getByRole('button', { name: 'Invite' }).click()
  const code = (await page.locator('.comity-receipt-code').textContent()) ?? ''
  const place = new URL((await page.locator('bdi.comity-code').first().textContent()) ?? '')
    .pathname
  assert.doesNotMatch(place, new RegExp(code))
  assert.equal((await typeCode(SETUP, code)).status, 401)
  assert.equal((await typeCode(place.replace(/[0-9a-f]{12}$/, '0'.repeat(12)), code)).status, 401)
  assert.equal((await typeCode(place.replace(/[^/]+$/, "'--"), code)).status, 401)
  await enrol(officer, place, code)
  await isSeen(officer, 'Odo Case (invented)')
  assert.equal((await typeCode(place, code)).status, 401)
  const cookie = await cookieOf(officer)
  assert.equal((await api('/api/v1/cases', { headers: { cookie } })).status, 200)
  const mine = await cookieOf(administrator)
  assert.equal((await api('/api/v1/cases', { headers: { cookie: mine } })).status, 403)
})

test('ten wrong tries empty a code, and the administrator is told', async () => {
  const { page } = administrator
  await page.goto('/en/officer/sign-in-desk')
  await page.getByLabel('Name of the person').fill('Tried Wrongly (invented)')
  await page.getByLabel('Reviewer').check()
  await page.getByRole('button', { name: 'Invite' }).click()
  const code = (await page.locator('.comity-receipt-code').textContent()) ?? ''
  const place = new URL((await page.locator('bdi.comity-code').first().textContent()) ?? '')
    .pathname
  const statuses = []
  for (let tries = 0; tries < 12; tries++) {
    statuses.push((await typeCode(place, 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA')).status)
  }
  assert.deepEqual(statuses, Array(12).fill(401))
  assert.notEqual((await typeCode(place, code)).status, 303)
  await page.goto('/en/officer/sign-in-desk')
  await isSeen(administrator, 'A code was tried wrongly too often')
  await page.getByRole('button', { name: 'Seen' }).click()
  await isSeen(administrator, 'Nothing to look at')
})

test('proving anew who one is changes the secret, and the form in another tab still counts', async () => {
  const before = await cookieOf(officer)
  const form = await officer.page.context().newPage()
  await form.goto(`${node.baseUrl}/en/officer/account`)
  await officer.page.goto('/en/officer/step-up')
  const proved = officer.page.waitForResponse(
    (response) =>
      response.request().method() === 'POST' && /step-up\/passkey$/.test(response.url()),
  )
  await officer.page.getByRole('button', { name: 'Prove it with a passkey' }).click()
  assert.equal((await proved).status(), 303)
  await officer.page.waitForURL('**/officer/step-up')
  await isSeen(officer, 'You proved it at')
  assert.notEqual(await cookieOf(officer), before)
  assert.equal((await api('/api/v1/me', { headers: { cookie: before } })).status, 401)
  await form.getByLabel('Remove it even if').first().uncheck()
  await form.getByRole('button', { name: /^Remove/ }).click()
  await form.getByText('This is your last way to sign in').waitFor()
  await form.close()
})

test('outside the demonstration nobody is given a proof', async () => {
  const { page } = officer
  await page.goto('/en/officer/step-up')
  await page.getByRole('button', { name: 'Prove it with a passkey' }).waitFor()
  assert.equal(await page.locator('form[action$="/step-up/demonstration"]').count(), 0)
  const token = await page.locator('[name=formToken]').first().inputValue()
  const before = await cookieOf(officer)
  const sent = await page.request.post('/en/officer/step-up/demonstration', {
    form: { formToken: token },
    headers: { origin: node.baseUrl, 'sec-fetch-site': 'same-origin' },
    maxRedirects: 0,
  })
  assert.equal(sent.status(), 401)
  assert.equal(await cookieOf(officer), before)
  const links = await api('/api/demo/sign-in-links', { method: 'POST', body: '{}' })
  assert.equal(links.status, 404)
})

test('a passkey of somebody else proves nothing about this person', async () => {
  const options = { method: 'POST', headers: { cookie: await cookieOf(officer) } }
  const asked = await (await api('/api/v1/step-up/passkey/options', options)).json()
  const own = (asked as { allowCredentials: unknown[] }).allowCredentials
  assert.equal(own.length, 1)
  await signOut(officer)
  assert.equal((await api('/api/v1/step-up/passkey/options', options)).status, 401)
})

test('without the person verified by the device nobody is signed in', async () => {
  const { cdp, authenticatorId, page } = officer
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await signInWithPasskey(officer)
  await page.getByText('Nothing came from your device').waitFor()
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await signInWithPasskey(officer)
  await page.waitForURL('**/officer/cases')
})

test('a copied passkey is refused, suspended and told to the administrator', async () => {
  const { cdp, authenticatorId } = officer
  const session = await cookieOf(officer)
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
  const [held] = credentials
  assert.ok(held && held.signCount > 1)
  await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId: held.credentialId })
  await cdp.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: { ...held, signCount: 0 },
  })
  await signInWithPasskey(officer)
  await isSeen(officer, FAILED)
  assert.equal((await api('/api/v1/me', { headers: { cookie: session } })).status, 401)
  await signInWithPasskey(officer)
  await isSeen(officer, FAILED)
  await administrator.page.goto('/en/officer/sign-in-desk')
  await isSeen(administrator, 'A passkey may have been copied')
  await isSeen(administrator, 'Odo Case (invented)')
})

test('an administrator ends the sessions of another; nobody else does', async () => {
  const cookie = await cookieOf(administrator)
  const { id } = (await (await api('/api/v1/me', { headers: { cookie } })).json()) as { id: string }
  const listed = (await (
    await api('/api/v1/sessions', { headers: { cookie } })
  ).json()) as unknown[]
  assert.equal(listed.length, 1)
  for (const path of [`/api/v1/officers/x/sessions`, `/api/v1/sessions/x`]) {
    assert.equal((await api(path, { method: 'DELETE', headers: { cookie } })).status, 404, path)
  }
  assert.equal((await api(`/api/v1/officers/${id}/sessions`, { method: 'DELETE' })).status, 401)
  const ended = await api(`/api/v1/officers/${id}/sessions`, {
    method: 'DELETE',
    headers: { cookie },
  })
  assert.deepEqual(await ended.json(), { ended: 1 })
  assert.equal((await api('/api/v1/me', { headers: { cookie } })).status, 401)
})

test('with an administrator a restart makes no setup code', async () => {
  serving.process.kill('SIGTERM')
  await serving.ended
  serving = await node.start()
  assert.throws(() => node.setupCode(), /ENOENT/)
  await signInWithPasskey(administrator)
  await administrator.page.waitForURL('**/officer/sign-in-desk')
})
