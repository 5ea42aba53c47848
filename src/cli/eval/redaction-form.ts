/** The lines of `comity eval redaction`. Which copies verify is in protocol/spec/redacted-record.md. */
import { Type } from '@sinclair/typebox'

const Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
const Index = Type.Integer({ minimum: 0 })
const Text = Type.String()
const Copy = Type.Object(
  {},
  { description: 'The copy: {"parts":[…]}. Anything wrong in it is said in the answer.' },
)

export const REDACTION_FORM = {
  says: 'A redacted copy, and what was sealed: its root or the commitment of each part',
  input: Type.Object({
    root: Type.Optional(Hash),
    commitments: Type.Optional(Type.Array(Hash, { minItems: 1, description: 'One a part.' })),
    copy: Copy,
  }),
  output: Type.Union([
    Type.Object(
      {
        verified: Type.Literal(true),
        root: Hash,
        parts: Index,
        partsLeftOut: Type.Array(Index, { description: 'Parts hidden as a whole, from 0.' }),
        hidden: Type.Array(
          Type.Object(
            {
              part: Index,
              at: Type.String({ description: 'JSON pointer into the copy of that part.' }),
              ground: Text,
              reason: Text,
            },
            { additionalProperties: false },
          ),
        ),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        verified: Type.Literal(false),
        why: Type.String({ description: 'A stable code, e.g. wrong-root or malformed.' }),
        says: Text,
        field: Type.Optional(Type.String({ description: 'The part or place that does not fit.' })),
      },
      { additionalProperties: false },
    ),
  ]),
}
