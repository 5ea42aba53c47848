/**
 * Certificates of doors that speak TLS themselves. A pair is looked at before a door
 * opens; once it is open, a pair that was renewed on the disk is taken without a
 * restart, and one that would not do is not: the door keeps the one it has.
 *
 * Whether a browser or a peer trusts who signed it is not looked at here.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Server } from 'node:tls'
import { unavailable } from '../base/errors.ts'
import { type ListenerConfig, openDoors } from './config/listeners.ts'
import type { NodeConfig } from './config.ts'
import { report, reportFault } from './report.ts'

export type TlsFiles = NonNullable<ListenerConfig['tls']>
export type Certificate = {
  readonly cert: Buffer
  readonly key: Buffer
  readonly endsAtMs: number
  /** Names and addresses that it is for. */
  readonly leaf: X509Certificate
}

const LOOK_EVERY_MS = 5_000
const OTHERS_MAY_READ = 0o004

/** @throws ComityError `unavailable`, reason `certificate`, with what to do */
export function readCertificate({ certificateFile, keyFile }: TlsFiles): Certificate {
  const cert = fileOf(certificateFile)
  const leaf = leafOf(cert, certificateFile)
  const now = Date.now()
  if (leaf.validToDate.getTime() <= now) {
    throw refused(`${certificateFile} ended on ${dayOf(leaf.validToDate)}: renew it`)
  }
  if (leaf.validFromDate.getTime() > now) {
    throw refused(
      `${certificateFile} counts only from ${leaf.validFromDate.toISOString()}: compare the clock of this machine`,
    )
  }
  const key = fileOf(keyFile)
  if (statSync(keyFile).mode & OTHERS_MAY_READ) {
    throw refused(`others can read ${keyFile}: chmod o= ${keyFile}`)
  }
  if (!leaf.checkPrivateKey(keyOf(key, keyFile))) {
    throw refused(
      `${keyFile} is the key of another certificate than the first in ${certificateFile}: ` +
        'the node’s own stands first there, then those that lead to its root',
    )
  }
  return { cert, key, leaf, endsAtMs: leaf.validToDate.getTime() }
}

/** Before anything else of the node is opened. @throws ComityError as {@link readCertificate} */
export function requireCertificates({ listeners, exchange }: NodeConfig): void {
  for (const door of openDoors(exchange)) {
    const { tls } = listeners[door]
    if (tls) readCertificate(tls)
  }
}

/** Gives what ends it. */
export function renewCertificate(server: Server, files: TlsFiles, door: string) {
  const stopping = new AbortController()
  let seen = stateOf(files)
  const look = () => {
    const state = stateOf(files)
    if (state === seen) return
    seen = state
    try {
      const { cert, key, endsAtMs } = readCertificate(files)
      server.setSecureContext({ cert, key })
      report('certificate-renewed', { door, ends: new Date(endsAtMs).toISOString() }, 'info')
    } catch (error) {
      reportFault('certificate-not-taken', error, { door })
    }
  }
  const run = async () => {
    while (!stopping.signal.aborted) {
      await pause(LOOK_EVERY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      if (!stopping.signal.aborted) look()
    }
  }
  void run()
  return () => stopping.abort()
}

/** Changes with every change of one of the two, also where a link was set to another file. */
function stateOf({ certificateFile, keyFile }: TlsFiles): string {
  return [certificateFile, keyFile]
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false })
      return found ? `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}` : 'none'
    })
    .join(', ')
}

function fileOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const { code = 'unreadable' } = cause as { code?: string }
    const advice =
      code === 'EACCES' ? 'let the account of the node read it' : 'see tls in the configuration'
    throw refused(`${file} cannot be read (${code}): ${advice}`, cause)
  }
}

function leafOf(cert: Buffer, file: string): X509Certificate {
  try {
    return new X509Certificate(cert)
  } catch (cause) {
    throw refused(`${file} is no certificate in PEM`, cause)
  }
}

function keyOf(key: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(key)
  } catch (cause) {
    const isSealed = /\bENCRYPTED\b/.test(key.toString('latin1'))
    const why = isSealed
      ? 'is sealed by a passphrase, which the node does not ask for: store it open, for the account of the node alone'
      : 'is no private key in PEM'
    throw refused(`${file} ${why}`, cause)
  }
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10)

function refused(message: string, cause?: unknown) {
  return unavailable(message, { reason: 'certificate', cause })
}
