/** The first configuration of a node: YAML with a comment for everything that may be changed. */
import type { DatabaseRoles } from './database-roles.ts'
import type { Answers } from './questions.ts'

/** As YAML that is JSON too: whatever a text holds, it stays one text. */
const text = (value: string) => JSON.stringify(value)

export function configurationText(answers: Answers, database: DatabaseRoles): string {
  const port = Number(answers.firstPort)
  return `# Configuration of the node ${answers.id}. Only its owner may read this file.
# A word that Comity does not know is refused, so that no mistake goes unnoticed.
# Check it with: comity doctor --config THIS-FILE

node:
  # Its name for ever: it stands in keys, messages and the log.
  id: ${text(answers.id)}
  name: ${text(answers.name)}
  # Under which law the authority acts; a folder in law/ must be for it.
  legalOrder: ${text(answers.legalOrder)}
  # In the European Union: whose overlay in law/eu/overlays is laid over the pack, e.g.
  # memberState: FR
  # In which the authority counts its days and deadlines.
  zone: ${text(answers.zone)}
  # production, or training for exercises. Never change it: what was made in
  # training must not be taken for real.
  profile: ${text(answers.profile)}

# Three doors. Each stands behind a reverse proxy on this machine (deploy/nginx,
# deploy/caddy), or has a certificate of its own:
#   tls: { certificateFile: /path/to/cert.pem, keyFile: /path/to/key.pem }
# which is taken anew, without a restart, when its files change.
# url is what others write to reach it. After a change: comity document --config THIS-FILE
listeners:
  # Reports, notices, open data, the log.
  public: { host: 127.0.0.1, port: ${port}, url: ${text(answers.publicUrl)} }
  # Officers' pages and API. Keep it inside the authority's network if you can. Behind a
  # reverse proxy add trustedProxies: [127.0.0.1], so that a flood of sign-ins is told
  # from your people; the proxy must set X-Forwarded-For itself.
  officers: { host: 127.0.0.1, port: ${port + 1}, url: ${text(answers.officersUrl)} }
  # Messages of peers.
  federation: { host: 127.0.0.1, port: ${port + 2}, url: ${text(answers.federationUrl)} }

database:
  # PostgreSQL 17 or later, which must write durably (fsync on). The role that owns
  # the tables; database.sql creates it and the others.
  url: ${text(database.owner.url)}
  # Each door has a role that can do only what the door needs.
  doors:
    public: ${text(database.public.url)}
    officers: ${text(database.officers.url)}
    federation: ${text(database.federation.url)}

# Keys, log, exhibits and pinned peers; relative paths count from this file.
folder: .

# How keys are kept. Without this line: plain files that only their owner can read.
# Sealed by a passphrase (also from a file or a systemd credential), at a key service
# or in a token: see docs/operating/keys.md, then: comity keys seal --config THIS-FILE
# keys: { store: sealedFiles, passphrase: { prompt: true } }

log:
  # Whose logs count, and which witnesses must have cosigned: C2SP tlog-policy.
  policyFile: policy.txt
  # How often what was recorded is signed and published.
  intervalMs: 1000
  # Witnesses that are asked to cosign, each with its verifier key and address:
  #   - { vkey: "witness.example/witness+…", url: "https://witness.example/witness" }
  witnesses: []

intake:
  # Reports go to the log in batches, so that its times say nothing about a reporter.
  batchIntervalMs: 3600000
  # How many reports the page without a script takes in, for all together, and how long
  # a form must be open before it may be sent. What is said here is what holds without it.
  # basic: { perHour: 60, burst: 120, dwellSeconds: 10 }
  # Stands on every reporter's receipt.
  escalation:
    body: ${text(answers.escalationBody)}
    address: ${text(answers.escalationAddress)}

# Other ways to reach the authority, for the public pages; each may be left out.
# onion is the public door's address for Tor Browser (an onion service that Tor runs).
# contact: { phone: +00 0 000000, post: Street 1, email: a11y@${answers.id}, onion: http://….onion }

# That somebody from outside reviewed the security of the software: who, when, which version,
# and where to read it. Until then the public security page says that nobody has.
# outsideReview: { by: A firm, on: 2027-01-31, version: 0.1.0, report: "https://…" }

# How officers sign in; see docs/operating/sign-in.md.
signIn: {}

# Figures for Prometheus, and /ready. No door: reachable from this machine only.
metrics: { host: 127.0.0.1, port: ${port + 3} }
`
}

/** Without peers there are no witnesses yet: the log's own signature counts. */
export function policyText(logVkey: string): string {
  return [
    '# Whose checkpoints count, and who must have cosigned them (C2SP tlog-policy).',
    '# With the first peer or outside witness add its line, and a quorum of witnesses:',
    '#   witness NAME VKEY',
    '#   witness NAME-pq ITS-OTHER-VKEY',
    '#   group NAME-either any NAME NAME-pq',
    '#   group all 2 NAME-either OTHER-either',
    '#   quorum all',
    `log ${logVkey}`,
    'quorum none',
    '',
  ].join('\n')
}
