/**
 * Where the node's keys are kept, and how what unlocks them is given. A passphrase,
 * a PIN or a token never stands in the configuration itself.
 */
import { Type } from '@sinclair/typebox'
import { NameForm, PathForm, section, UrlForm } from './text.ts'

/** A prompt, a file that only its owner can read, or a systemd credential. */
const SecretForm = Type.Union([
  section({ prompt: Type.Literal(true) }),
  section({ file: PathForm }),
  section({ credential: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }) }),
])

const TimeoutForm = Type.Integer({ minimum: 100, maximum: 60_000 })

export const KeysForm = Type.Union([
  /** Plain files: whoever has the folder is the node. */
  section({ store: Type.Literal('files') }),
  /** One age passphrase file for each key. */
  section({ store: Type.Literal('sealedFiles'), passphrase: SecretForm }),
  /** A key service, see docs/operating/keys.md. */
  section({
    store: Type.Literal('keyService'),
    url: UrlForm,
    access: Type.Union([
      section({ bearer: SecretForm }),
      section({ certificateFile: PathForm, keyFile: PathForm }),
    ]),
    /** The authority that signed the service's certificate, if it is none of the usual ones. */
    authorityFile: Type.Optional(PathForm),
    timeoutMs: Type.Optional(TimeoutForm),
  }),
  /** A token or hardware module. */
  section({
    store: Type.Literal('pkcs11'),
    /** The vendor's library. */
    library: PathForm,
    token: NameForm,
    pin: SecretForm,
    timeoutMs: Type.Optional(TimeoutForm),
  }),
])
