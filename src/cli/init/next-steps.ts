/** What an administrator does after `comity init`. */
import { join } from 'node:path'
import type { Answers } from './questions.ts'
import { CONFIG_FILE } from './write-node.ts'

export function nextSteps(folder: string, answers: Answers): string {
  const port = Number(answers.firstPort)
  const config = join(folder, CONFIG_FILE)
  const host = (url: string) => new URL(url).host
  return `
The node ${answers.id} is set up in ${folder}.

1. Keep a copy of ${join(folder, 'keys')} where no backup of the database goes.
   Without these keys nobody can read the node's data, and no other can speak for it.
   They are plain files that only their owner can read. To seal them by a passphrase
   put this into ${config} before the first start (docs/operating/keys.md):
     keys: { store: sealedFiles, passphrase: { prompt: true } }
   then, with a second person: comity keys seal --config ${config} \\
     --present administrator --present oversight
2. Create the database, as a superuser of PostgreSQL, then delete the file:
     psql -v ON_ERROR_STOP=1 -f ${join(folder, 'database.sql')} postgres
3. Put a reverse proxy with TLS in front (whole files: deploy/nginx, deploy/caddy). For Caddy:
     ${host(answers.publicUrl)} { reverse_proxy 127.0.0.1:${port} }
     ${host(answers.officersUrl)} { reverse_proxy 127.0.0.1:${port + 1} }
     ${host(answers.federationUrl)} { reverse_proxy 127.0.0.1:${port + 2} }
4. Look whether all is well:   comity doctor --config ${config}
5. Start it:                   comity serve --config ${config}
   The first start prints a setup code. With it the first administrator signs in
   at ${answers.officersUrl}, once.
6. Give ${join(folder, 'node.json')} to the authorities you will work with, and compare
   its fingerprint by telephone: comity peer fingerprint ${join(folder, 'node.json')}
`
}
