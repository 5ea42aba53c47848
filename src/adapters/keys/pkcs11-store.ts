/**
 * Keys in a token (PKCS #11). Message, log and witness keys are made in it, cannot be
 * taken out, and sign in it. The age identity, the column key and the ML-DSA key of the
 * witness, which tokens of today cannot make, lie in the key folder, wrapped under an
 * RSA key of the token, and are in the node's memory while it runs; so is the PIN, in
 * the node and in the child that holds the session.
 *
 * A child that ends or hangs is replaced at the next call.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bytes, fromBase64, textFromUtf8, toBase64 } from '../../base/bytes.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { type ComityError, unavailable, unverified } from '../../base/errors.ts'
import { mlDsa44Signer } from '../node-primitives.ts'
import type { KeyStore } from './key-store.ts'
import type { TokenCall } from './pkcs11-process.ts'
import { readPrivate, syncFolder, writePrivate } from './private-files.ts'

const CHILD = fileURLToPath(new URL('./pkcs11-process.ts', import.meta.url))
const TIMEOUT_MS = 10_000
const ML_DSA_SEED_SIZE = 32

export type TokenPlace = {
  readonly library: string
  readonly token: string
  readonly pin: string
  readonly timeoutMs?: number | undefined
}

export function pkcs11Store(folder: string, node: string, place: TokenPlace): KeyStore {
  const child = tokenChild(place)
  const name = node.replaceAll(/[^A-Za-z0-9.-]/g, '-')
  const wrapping = `${name}.wrapping`
  const file = (ref: string) => join(folder, `${ref}.wrapped`)
  const publicKey = (label: string) => child.ask({ act: 'publicKey', label })
  const store: KeyStore = {
    refOf: (purpose, generation) => `${name}.${purpose}-${generation}`,
    async openSigner(label, algorithm) {
      if (algorithm === 'ml-dsa-44') {
        return mlDsa44Signer(fromBase64(await store.openSecret(label), label))
      }
      return {
        publicKey: await publicKey(label),
        sign: (bytes) => child.ask({ act: 'sign', label, bytes }),
      }
    },
    async makeSigner(label, algorithm) {
      if (algorithm === 'ml-dsa-44') {
        const seed = randomBytes(ML_DSA_SEED_SIZE)
        await store.keepSecret(label, toBase64(seed))
        return mlDsa44Signer(seed).publicKey
      }
      await child.ask({ act: 'makeSigner', label })
      return publicKey(label)
    },
    async keepSecret(ref, secret) {
      const der = Buffer.from(await child.ask({ act: 'wrappingKey', label: wrapping }))
      const key = createPublicKey({ key: der, type: 'spki', format: 'der' })
      const bound = Buffer.from(JSON.stringify({ for: ref, secret }))
      const padding = constants.RSA_PKCS1_OAEP_PADDING
      const wrapped = publicEncrypt({ key, padding, oaepHash: 'sha1' }, bound)
      await writePrivate(file(ref), `${toBase64(wrapped)}\n`)
      await syncFolder(folder)
    },
    async openSecret(ref) {
      const text = textFromUtf8(await readPrivate(file(ref)), ref).trim()
      const bytes = await child.ask({
        act: 'unwrap',
        label: wrapping,
        bytes: fromBase64(text, ref),
      })
      const bound = parseJson(bytes) as { for?: unknown; secret?: unknown }
      if (bound.for === ref && typeof bound.secret === 'string') return bound.secret
      throw unverified(`${ref} was wrapped as another key`, { reason: 'not-unwrapped' })
    },
    async forget(ref) {
      await rm(file(ref), { force: true })
      await syncFolder(folder)
    },
    close: async () => child.end(),
  }
  return store
}

type Waiting = { resolve(bytes: Bytes): void; reject(error: Error): void }
type Reply = { readonly id: number; readonly bytes?: Uint8Array; readonly reason?: string }

function tokenChild(place: TokenPlace) {
  const waiting = new Map<number, Waiting>()
  let child: ChildProcess | undefined
  let opening: Promise<Bytes> | undefined
  let count = 0
  // Tokens lock themselves after a few wrong PINs: one try is all that a process gets.
  let isPinRefused = false

  function start(): Promise<Bytes> {
    const started = fork(CHILD, [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: environment(),
    })
    child = started
    started.on('message', ({ id, bytes, reason }: Reply) => {
      const asked = waiting.get(id)
      if (reason !== undefined) asked?.reject(errorOf(reason))
      else asked?.resolve(new Uint8Array(bytes ?? []))
    })
    started.on('exit', () => {
      if (child !== started) return
      end()
      for (const asked of waiting.values()) asked.reject(errorOf('ended'))
    })
    const { library, token, pin } = place
    return call({ act: 'open', library, token, pin })
  }

  function call(what: TokenCall): Promise<Bytes> {
    const id = ++count
    const { promise, resolve, reject } = Promise.withResolvers<Bytes>()
    waiting.set(id, { resolve, reject })
    const timer = setTimeout(() => {
      reject(errorOf('slow'))
      end()
    }, place.timeoutMs ?? TIMEOUT_MS)
    child?.send({ id, call: what }, (error) => error && reject(errorOf('ended')))
    return promise.finally(() => {
      clearTimeout(timer)
      waiting.delete(id)
    })
  }

  function end(): void {
    const ended = child
    child = undefined
    opening = undefined
    ended?.kill('SIGKILL')
  }

  return {
    end,
    async ask(what: TokenCall): Promise<Bytes> {
      if (isPinRefused) throw errorOf('pin')
      opening ??= start()
      try {
        await opening
        return await call(what)
      } catch (error) {
        // A session may be stale after a token was taken out: the next call opens a new one.
        const { reason } = error as ComityError
        if (reason === 'pin') isPinRefused = true
        if (reason !== 'no-key') end()
        throw error
      }
    },
  }
}

/** What a vendor's library looks for, and nothing of ours. */
function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, CREDENTIALS_DIRECTORY: __, ...rest } = process.env
  return rest
}

function errorOf(reason: string): ComityError {
  switch (reason) {
    case 'pin':
      return unverified('the token refuses the PIN: it may lock itself after a few tries', {
        reason,
      })
    case 'unwrap':
      return unverified('the token cannot unwrap that', { reason: 'not-unwrapped' })
    case 'no-token':
      return unavailable('there is no token of that name, or there are two', { reason })
    case 'no-key':
      return unavailable('the token has no such key', { reason })
    case 'key-there':
      return unavailable('the token has a key of that name already: nothing was made', { reason })
    default:
      return unavailable('the token does not answer as it should', { reason: `token-${reason}` })
  }
}
