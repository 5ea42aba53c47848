/** The certificates that an administrator, or a reader, has pinned for time stamps. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { malformed } from '../../base/errors.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

/** @throws ComityError `malformed` naming the file */
export function readRoots(file: string): readonly string[] {
  try {
    const roots = readFileSync(file, 'utf8').match(CERTIFICATE) ?? []
    for (const pem of roots) new X509Certificate(pem)
    if (roots.length > 0) return roots
  } catch (cause) {
    const text = 'the pinned certificates of the time-stamp authority cannot be read'
    throw malformed(text, { field: file, reason: 'configuration', cause })
  }
  throw malformed('the file holds no certificate', { field: file, reason: 'configuration' })
}
