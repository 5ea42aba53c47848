/**
 * One mail to one SMTP server. Encrypted, with a checked certificate, unless the
 * server is this machine itself: then what is said never leaves it.
 */
import { readFileSync } from 'node:fs'
import type { Transporter } from 'nodemailer'
import { malformed } from '../../base/errors.ts'
import { SECOND_MS } from '../../base/time.ts'

export type MailServer = {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'startTls' | 'none'
  readonly from: string
  readonly user?: string
  readonly passwordFile?: string
  readonly caFile?: string
}

export type SendMail = (mail: {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Makes a mail that is sent twice recognisable as the same. */
  readonly id: string
}) => Promise<void>

/** A server that says nothing for so long is not there. */
const PATIENCE_MS = 10 * SECOND_MS
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** @throws ComityError `malformed` if it would send in clear to another machine */
export function mailSender(server: MailServer): SendMail {
  const { host, port, security, from, user, passwordFile, caFile } = server
  if (security === 'none' && !LOOPBACK.has(host)) {
    throw malformed('mail without encryption goes to this machine only', { field: 'mail.security' })
  }
  const options = {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'startTls',
    ignoreTLS: security === 'none',
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: { minVersion: 'TLSv1.2' as const, ...(caFile ? { ca: readFileSync(caFile) } : {}) },
    ...(user === undefined ? {} : { auth: { user, pass: passwordIn(passwordFile) } }),
  }
  let opened: Promise<Transporter> | undefined
  const open = async () => (await import('nodemailer')).createTransport(options)
  return async ({ to, subject, text, id }) => {
    // With the first mail: most starts send none.
    opened ??= open()
    const transport = await opened
    await transport.sendMail({
      from: { name: 'Comity', address: from },
      to: { name: '', address: to },
      subject,
      text,
      messageId: `<${id}@${from.split('@')[1] ?? 'comity'}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  }
}

function passwordIn(file: string | undefined): string {
  if (file === undefined) throw malformed('a user has a password', { field: 'mail.passwordFile' })
  return readFileSync(file, 'utf8').trim()
}
