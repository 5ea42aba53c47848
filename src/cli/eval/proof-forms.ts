/** Forms of the engines about signed notes, checkpoints, cosignatures and receipts. */
import { type TProperties, Type } from '@sinclair/typebox'
import type { EvalForm } from './forms.ts'
import { VKEYS_MAX } from './proofs.ts'

const closed = { additionalProperties: false } as const
const Base64 = Type.String({ contentEncoding: 'base64' })
const Note = Type.String({
  minLength: 1,
  description: 'With its signature lines (C2SP signed-note).',
})
const Vkey = Type.String({ description: 'Verifier key, `name+id+key` (C2SP signed-note).' })
const Vkeys = Type.Array(Vkey, { maxItems: VKEYS_MAX })
const Cosignatures = Type.Array(
  Type.Object(
    { vkey: Vkey, name: Type.String(), timeSeconds: Type.Integer({ minimum: 1 }) },
    closed,
  ),
  { description: 'Of known cosigners, with their own POSIX times.' },
)
const Head: TProperties = {
  origin: Type.String(),
  treeSize: Type.Integer({ minimum: 0 }),
  rootHash: Base64,
  extensions: Type.Array(Type.String()),
}

export const PROOF_FORMS: Readonly<Record<string, EvalForm>> = {
  note: {
    says: 'Which of these keys signed a note',
    input: Type.Object({ note: Note, vkeys: Vkeys }),
    output: Type.Object(
      { text: Type.String(), signedBy: Type.Array(Vkey, { minItems: 1 }) },
      closed,
    ),
  },
  checkpoint: {
    says: 'The head of a log, as the log itself signed it, and who cosigned it',
    input: Type.Object({ checkpoint: Note, vkeys: Vkeys }),
    output: Type.Object({ ...Head, cosignatures: Cosignatures }, closed),
  },
  cosignature: {
    says: 'Which of these cosigners saw a checkpoint, and when',
    input: Type.Object({ checkpoint: Note, vkeys: Vkeys }),
    output: Type.Object({ cosignatures: Cosignatures }, closed),
  },
  'tlog-proof': {
    says: 'Whether an entry is in a log, as the quorum of a policy saw it',
    input: Type.Object({
      proof: Type.String({ minLength: 1, description: 'The text of a .tlog-proof file.' }),
      policy: Type.String({ minLength: 1, description: 'C2SP tlog-policy.' }),
      entry: Base64,
    }),
    output: Type.Object(
      {
        ok: Type.Literal(true),
        index: Type.Integer({ minimum: 0 }),
        ...Head,
        cosignatures: Cosignatures,
      },
      closed,
    ),
  },
}
