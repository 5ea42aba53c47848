/**
 * The people of a node that came back from a backup: nobody signs in until somebody
 * vouches for them; a leaver and a lost passkey of the time after the backup stay out;
 * the only administrator comes back by the machine's setup code.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { waitFor } from '../../src/cli/story/story.ts'
import { launchBrowser } from '../support/browser.ts'
import { comity, durableServer, runSql, type Serving } from '../support/real-node.ts'
import {
  type Device,
  enrol,
  newDevice,
  setUpSignInNode,
  signInWithPasskey,
} from '../support/sign-in-node.ts'

const node = await setUpSignInNode('alone.example')
const browser = await launchBrowser()
after(() => browser.close())
const [administrator, officer, other] = await Promise.all(
  [1, 2, 3].map(() => newDevice(browser, node.baseUrl)),
)
assert.ok(administrator && officer && other)
const [ROOT, ODO, NIA] = ['Ada Root (invented)', 'Odo Case (invented)', 'Nia Left (invented)']
const [backup, keyFile, passphrase] = ['backup', 'keys.age', 'passphrase'].map((name) =>
  join(dirname(node.folder), name),
) as [string, string, string]
const KEYS = ['--keys', keyFile, '--passphrase-file', passphrase]

let serving: Serving

async function said(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await comity([...args, '--config', node.config])
  assert.equal(code, 0, `comity ${args.join(' ')}: ${err}${out}`)
  return out
}

const doctor = async () => (await comity(['doctor', '--config', node.config])).out

test('an administrator and two officers have passkeys; then a backup is taken', async () => {
  serving = await node.start()
  await enrol(administrator, '/en/officer/enrol/setup', node.setupCode(), ROOT)
  for (const [device, name] of [
    [officer, ODO],
    [other, NIA],
  ] as const) {
    const { page } = administrator
    await page.goto('/en/officer/sign-in-desk')
    await page.getByLabel('Name of the person').fill(name)
    await page.getByLabel('Case officer').check()
    await page.getByLabel('Liaison', { exact: true }).check()
    await page.getByRole('button', { name: 'Invite' }).click()
    await enrolByCode(device)
  }
  writeFileSync(passphrase, 'a passphrase of the test that nobody guesses\n', { mode: 0o600 })
  await said('backup', '--out', backup, ...KEYS)
  assert.doesNotMatch(await doctor(), /suspended/)
})

test('the machine is lost; a node without a witness waits for a person before it goes on', async () => {
  const configuration = readFileSync(node.config)
  const sql = readFileSync(join(node.folder, 'database.sql'), 'utf8')
  serving.process.kill('SIGKILL')
  await serving.ended
  rmSync(node.folder, { recursive: true })
  const server = (await durableServer()).url('postgres')
  await runSql(server, 'drop database node_alone_example with (force)')
  const creating = sql.split(';\n').filter((one) => /create database/i.test(one))
  await runSql(server, creating.join(';\n'))
  mkdirSync(node.folder, { mode: 0o700 })
  writeFileSync(node.config, configuration, { mode: 0o600 })

  assert.match(await said('restore', '--from', backup, ...KEYS), /All accounts are suspended/)
  const early = await comity(['restore', 'administrator', '--config', node.config])
  assert.deepEqual([early.code, /has not come back yet/.test(early.err)], [1, true])
  const coming = node.start()
  const waiting = waitFor('the waiting doors', async () => {
    const answer = await fetch(`${node.baseUrl}/health`).catch(() => undefined)
    return answer?.status === 503
  })
  assert.equal(await Promise.race([waiting, coming]), true)
  assert.match(await said('restore', 'resume'), /a new one opens/)
  serving = await coming
})

test('nobody of the backup signs in: who has left since, it cannot tell', async () => {
  for (const device of [administrator, officer, other]) await refused(device)
  assert.match(await doctor(), /3 accounts are suspended .*\(1 administrators\)/)
})

test('the only administrator comes back by the setup code, with a passkey made anew', async () => {
  await enrol(administrator, '/en/officer/enrol/setup', node.setupCode())
  await openPerson(ROOT)
  await administrator.page.getByText('Confirmed after a restore').waitFor()
  const again = await comity(['restore', 'administrator', '--config', node.config])
  assert.deepEqual([again.code, /there is an administrator/.test(again.err)], [1, true])
})

test('an officer is confirmed in one of two roles, with the passkey that he still has', async () => {
  await confirmAccount(ODO, { withPasskey: true })
  await signInWithPasskey(officer)
  await officer.page.waitForURL('**/officer/cases')
  await openPerson(ODO)
  const roles = administrator.page.locator('.comity-facts')
  assert.doesNotMatch((await roles.textContent()) ?? '', /Liaison/)
  await refused(other)
})

test('whose passkey was lost since comes in by a new code, never by the old passkey', async () => {
  await confirmAccount(NIA, { withPasskey: false })
  await refused(other)
  const { page } = administrator
  await page.goto('/en/officer/sign-in-desk')
  await page.getByRole('button', { name: /^New code/ }).click()
  await enrolByCode(other)
  assert.doesNotMatch(await doctor(), /suspended/)
})

test('who gave that code, and that it was used, stands on both persons’ pages', async () => {
  await openPerson(NIA)
  const { page } = administrator
  for (const said of [
    'No way to sign in stayed.',
    'New code given for coming back',
    'Came back with the new code',
  ]) {
    await page.getByText(said, { exact: true }).waitFor()
  }
  await other.page.goto('/en/officer/account')
  const codes = other.page.getByRole('region', { name: 'Codes for coming back to this account' })
  assert.match((await codes.textContent()) ?? '', /Ada Root \(invented\).*Used/s)
})

/** With the code that the administrator's page shows. */
async function enrolByCode(device: Device): Promise<void> {
  const { page } = administrator as Device
  const code = (await page.locator('.comity-receipt-code').textContent()) ?? ''
  const place = new URL((await page.locator('bdi.comity-code').first().textContent()) ?? '')
  await enrol(device, place.pathname, code)
}

async function refused(device: Device): Promise<void> {
  await signInWithPasskey(device)
  await device.page.getByText('This did not prove who you are').waitFor()
}

async function openPerson(name: string | undefined): Promise<void> {
  const { page } = administrator as Device
  await page.goto('/en/officer/people')
  await page
    .getByRole('region', { name: 'People' })
    .getByRole('link', { name: name ?? '' })
    .click()
}

async function confirmAccount(name: string | undefined, { withPasskey }: { withPasskey: boolean }) {
  const { page } = administrator as Device
  await openPerson(name)
  await page.getByText('Suspended: this node came back from a backup').waitFor()
  await page.getByRole('button', { name: 'Confirm this account' }).click()
  await page.getByLabel('Case officer').check()
  if (withPasskey) await page.getByLabel(/^Key of the test \(/).check()
  await page.getByLabel('I have talked to this person').check()
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByText('Confirmed after a restore').waitFor()
}
