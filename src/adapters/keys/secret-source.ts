/**
 * Where a secret that unlocks something comes from: a prompt, a file that only its
 * owner can read, or a systemd credential. Never an argument or an environment
 * variable: other programs can read those.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { textFromUtf8 } from '../../base/bytes.ts'
import { unavailable } from '../../base/errors.ts'
import { exists, readPrivate } from './private-files.ts'

export type SecretSource =
  | { readonly prompt: true }
  | { readonly file: string }
  /** A name in the folder that systemd puts into CREDENTIALS_DIRECTORY. */
  | { readonly credential: string }

const CREDENTIAL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const SECRET_SIZE_MAX = 4096

export type SecretSurroundings = {
  readonly credentialsDirectory: string | undefined
  /** Asks a person at the terminal without showing the answer; `undefined` without one. */
  readonly ask?: (question: string) => Promise<string>
}

/**
 * @param what the question, e.g. `passphrase of the node's keys`
 * @throws ComityError `unavailable`, with what to do
 */
export async function readSecret(
  source: SecretSource,
  what: string,
  { credentialsDirectory, ask }: SecretSurroundings,
): Promise<string> {
  if ('prompt' in source) {
    if (ask) return requireSecret(await ask(what), what)
    throw unavailable(
      `nobody can be asked for the ${what}: there is no terminal; use a file or a systemd credential`,
      { reason: 'no-terminal' },
    )
  }
  if ('file' in source) {
    return requireSecret(textFromUtf8(await readPrivate(source.file), 'file'), what)
  }
  return requireSecret(await readCredential(source.credential, credentialsDirectory), what)
}

async function readCredential(name: string, folder: string | undefined): Promise<string> {
  if (folder === undefined || folder === '') {
    throw unavailable(
      `the credential ${name} is configured, but systemd gave none; see LoadCredential= in the unit`,
      { reason: 'credential-missing' },
    )
  }
  if (!CREDENTIAL_NAME.test(name)) {
    throw unavailable('a credential has a plain name', { reason: 'credential-name' })
  }
  const path = join(folder, name)
  if (!(await exists(path))) {
    throw unavailable(`systemd gave no credential ${name}; see LoadCredential= in the unit`, {
      reason: 'credential-missing',
    })
  }
  // systemd keeps this folder private to the service; its files may be readable by a group of one.
  const bytes = await readFile(path)
  if (bytes.length > SECRET_SIZE_MAX) {
    throw unavailable(`the credential ${name} is too long`, { reason: 'credential' })
  }
  return textFromUtf8(bytes, 'credential')
}

function requireSecret(text: string, what: string): string {
  const secret = text.replace(/\r?\n$/, '')
  if (secret !== '' && secret.length <= SECRET_SIZE_MAX && !/[\0\r\n]/.test(secret)) return secret
  throw unavailable(`the ${what} is empty, too long or more than one line`, {
    reason: 'secret-form',
  })
}
