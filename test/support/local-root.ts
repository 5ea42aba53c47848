/** A root of certificates for tests, and pairs under it for `localhost`; by openssl. */
import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export type LocalRoot = {
  /** The path of a file of this root; its own certificate is `ca.pem`. */
  at(name: string): string
  /** Writes `<name>.pem` and `<name>.key`; the times as `20200101000000Z`. */
  issue(name: string, from: string, until: string): void
  openssl(...args: readonly string[]): void
}

export function localRoot(): LocalRoot {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  const openssl = (...args: readonly string[]) => {
    execFileSync('openssl', args, { stdio: 'pipe' })
  }
  const own = ['-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=Root']
  openssl('req', '-x509', ...EC, ...own)
  writeFileSync(at('ca.cnf'), configOf(folder))
  return {
    at,
    openssl,
    issue(name, from, until) {
      const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)]
      const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
      openssl('req', ...EC, ...files, ...names)
      writeFileSync(at('index.txt'), '')
      const ca = ['ca', '-batch', '-config', at('ca.cnf'), '-notext']
      const times = ['-startdate', from, '-enddate', until]
      openssl(...ca, ...times, '-in', at(`${name}.csr`), '-out', at(`${name}.pem`))
      for (const end of ['pem', 'key']) chmodSync(at(`${name}.${end}`), 0o600)
    },
  }
}

const configOf = (folder: string) => `[ca]
default_ca = own
[own]
database = ${join(folder, 'index.txt')}
new_certs_dir = ${folder}
certificate = ${join(folder, 'ca.pem')}
private_key = ${join(folder, 'ca.key')}
default_md = sha256
rand_serial = yes
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`
