/**
 * The authority's identity provider, in a real browser and with a real provider on
 * another site: enrolling with an invitation, signing in, proving anew.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { CLIENT } from '../support/forging-provider.ts'
import { type RealProvider, startRealProvider } from '../support/real-provider.ts'
import {
  cookieOf,
  type Device,
  enrol,
  newDevice,
  setUpSignInNode,
} from '../support/sign-in-node.ts'

let provider: RealProvider | undefined
const node = await setUpSignInNode('provider.example', async (baseUrl, folder) => {
  provider = await startRealProvider(`${baseUrl}/en/officer/provider/staff/back`)
  writeFileSync(join(folder, 'client-secret'), `${CLIENT.secret}\n`)
  const { issuer } = provider
  return `{oidc: [{id: staff, name: Staff, issuer: "${issuer}", clientId: ${CLIENT.id}, clientSecretFile: client-secret}]}`
})
after(() => provider?.close())
await node.start()
const browser = await launchBrowser()
after(() => browser.close())
const administrator = await newDevice(browser, node.baseUrl)
const page = await newPage(browser, { baseURL: node.baseUrl })
const problems = collectProblems(page)
const cookie = () => cookieOf({ page } as Device)
const me = async (given: string) =>
  (await fetch(`${node.baseUrl}/api/v1/me`, { headers: { cookie: given } })).status

test('somebody whom only the provider knows is not let in', async () => {
  await enrol(administrator, '/en/officer/enrol/setup', node.setupCode(), 'Ada Root (invented)')
  await page.goto('/en/officer/sign-in')
  await page.getByRole('button', { name: /Sign in with .*Staff/ }).click()
  await page.getByText('An administrator must invite you first').waitFor()
})

test('an invitation binds the account at the provider, without a passkey', async () => {
  const desk = administrator.page
  await desk.goto('/en/officer/sign-in-desk')
  await desk.getByLabel('Name of the person').fill('Odo Case (invented)')
  await desk.getByLabel('Case officer').check()
  await desk.getByRole('button', { name: 'Invite' }).click()
  const code = (await desk.locator('.comity-receipt-code').textContent()) ?? ''
  await page.goto((await desk.locator('bdi.comity-code').first().textContent()) ?? '')
  await page.getByLabel('Code', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: /Use my account at .*Staff/ }).click()
  await page.waitForURL('**/officer/account')
  await page.getByText('Odo Case (invented)').first().waitFor()
})

test('signing in leads through the provider and back into a session of this site', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/officer/sign-in')
  await page.getByRole('button', { name: /Sign in with .*Staff/ }).click()
  await page.waitForURL('**/officer/cases')
  assert.equal(await me(await cookie()), 200)
})

test('the same way back, taken again, opens nothing', async () => {
  const back = page.waitForRequest((request) => request.url().includes('/provider/staff/back?'))
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/officer/sign-in')
  await page.getByRole('button', { name: /Sign in with .*Staff/ }).click()
  await page.waitForURL('**/officer/cases')
  const url = (await back).url()
  const stranger = await newPage(browser, { baseURL: node.baseUrl })
  for (const at of [page, stranger]) {
    await at.goto(url)
    await at.getByText('begun in another browser, was used before').waitFor()
  }
  await stranger.context().close()
  await page.goto('/en/officer/cases')
  assert.equal(new URL(page.url()).pathname, '/en/officer/cases')
})

test('a proof at the provider, made anew, gives a new secret and a strong proof', async () => {
  await page.goto('/en/officer/account')
  await page.getByText('To change this you need a fresh proof').waitFor()
  const before = await cookie()
  await page.goto('/en/officer/step-up')
  await page.getByRole('button', { name: /Prove it at .*Staff/ }).click()
  await page.getByText('You proved it at').waitFor()
  assert.equal(await me(before), 401)
  assert.equal(await me(await cookie()), 200)
  const faults = problems.filter(({ kind }) => kind === 'csp' || kind === 'exception')
  assert.deepEqual(faults, [])
})
