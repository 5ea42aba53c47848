/**
 * A training node on `localhost`, where a browser takes passkeys, with nobody
 * enrolled; and browsers with a virtual authenticator of their own.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { newPage } from './browser.ts'
import { type Serving, serve, setUpNode } from './real-node.ts'

export type SignInNode = {
  readonly folder: string
  readonly config: string
  /** Of the officers' door. */
  readonly baseUrl: string
  start(): Promise<Serving>
  /** What the terminal would have shown. */
  setupCode(): string
}

/** `signIn`: the section of the configuration, as one line of YAML, for the officers' address. */
export async function setUpSignInNode(
  id: string,
  signIn: (baseUrl: string, folder: string) => Promise<string> = async () => '{}',
): Promise<SignInNode> {
  const { folder, config, port } = await setUpNode(id)
  const baseUrl = `http://localhost:${port + 1}`
  const text = readFileSync(config, 'utf8')
    .replaceAll(`http://127.0.0.1:${port + 1}`, baseUrl)
    .replace('signIn: {}', `signIn: ${await signIn(baseUrl, folder)}`)
  writeFileSync(config, text)
  return {
    folder,
    config,
    baseUrl,
    start: () => serve(config),
    setupCode() {
      const said = readFileSync(join(folder, 'setup-code.txt'), 'utf8')
      return /([0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(said)?.[0] ?? assert.fail(said)
    },
  }
}

export type Device = {
  readonly page: Page
  readonly cdp: CDPSession
  readonly authenticatorId: string
}

/** A browser of one person, with a device that verifies them. */
export async function newDevice(browser: Browser, baseURL: string): Promise<Device> {
  const page = await newPage(browser, { baseURL })
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { page, cdp, authenticatorId }
}

export async function enrol({ page }: Device, place: string, code: string, name?: string) {
  await page.goto(place)
  await page.getByLabel('Code', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Continue' }).click()
  if (name !== undefined) await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Name of this passkey').fill('Key of the test')
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.waitForURL('**/officer/account')
}

export async function signInWithPasskey({ page }: Device) {
  await page.goto('/en/officer/sign-in')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
}

export async function signOut({ page }: Device) {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/officer/sign-in')
}

/** The session's cookie, as a program would send it. */
export async function cookieOf({ page }: Device): Promise<string> {
  const cookies = await page.context().cookies()
  assert.ok(cookies.length > 0)
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}
