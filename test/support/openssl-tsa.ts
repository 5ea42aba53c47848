/** A time-stamp authority made of the real `openssl ts`, behind a small server of the test. */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

export const openssl = spawnSync('openssl', ['version']).status === 0
const root = mkdtempSync(join(tmpdir(), 'comity-tsa-'))
export const at = (name: string) => join(root, name)
export const run = (...args: string[]) =>
  execFileSync('openssl', args, { cwd: root, stdio: 'pipe' })
export const pem = (name: string) => readFileSync(at(`${name}.crt`), 'utf8')
const servers: Server[] = []
after(() => {
  for (const server of servers) server.close().closeAllConnections()
  rmSync(root, { recursive: true })
})

export function makeRoot(name: string): void {
  run(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`],
    ...[
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    ],
  )
}

export function issue(
  name: string,
  by: string,
  {
    usage = 'critical,timeStamping',
    ca = false,
    algorithm = ['rsa:2048'],
    dates = ['-days', '30'],
  }: { usage?: string; ca?: boolean; algorithm?: string[]; dates?: string[] } = {},
): void {
  const [newkey = '', ...options] = algorithm
  run(
    ...['req', '-newkey', newkey, ...options, '-nodes', '-subj', `/CN=${name}`],
    ...['-keyout', `${name}.key`, '-out', `${name}.csr`],
  )
  writeFileSync(
    at(`${name}.ext`),
    ca
      ? 'basicConstraints=critical,CA:TRUE\n'
      : usage === ''
        ? '\n'
        : `extendedKeyUsage=${usage}\n`,
  )
  run(
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.crt`, '-CAkey', `${by}.key`],
    ...['-CAcreateserial', ...dates, '-extfile', `${name}.ext`, '-out', `${name}.crt`],
  )
}

/** The response of `openssl ts` to a query, signed with the named certificate. */
export function stamp(query: Uint8Array, signer: string, chain?: string): Uint8Array {
  const id = randomBytes(6).toString('hex')
  writeFileSync(at(`${id}.tsq`), query)
  writeFileSync(at(`${id}.serial`), `${id.toUpperCase()}\n`)
  writeFileSync(
    at(`${id}.cnf`),
    [
      ...['[tsa]', 'default_tsa = one', '[one]', `serial = ${at(`${id}.serial`)}`],
      ...['crypto_device = builtin', 'default_policy = 1.2.3.4.1', 'digests = sha256, sha384'],
      ...['signer_digest = sha256', 'accuracy = secs:1', 'ordering = no', 'tsa_name = yes'],
      ...['ess_cert_id_chain = no', 'ess_cert_id_alg = sha256', ''],
    ].join('\n'),
  )
  run(
    ...['ts', '-reply', '-config', `${id}.cnf`, '-queryfile', `${id}.tsq`],
    ...['-signer', `${signer}.crt`, '-inkey', `${signer}.key`, '-out', `${id}.tsr`],
    ...(chain ? ['-chain', `${chain}.crt`] : []),
  )
  return readFileSync(at(`${id}.tsr`))
}

export async function authority(
  answer: (query: Uint8Array) => Uint8Array | undefined,
  { status = 200, type = 'application/timestamp-reply' } = {},
): Promise<string> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = answer(Buffer.concat(parts))
    if (body) response.writeHead(status, { 'content-type': type }).end(body)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
