/** The lines of `comity eval redaction`. Which copies verify is in protocol/spec/redacted-record.md. */
import { type TProperties, Type } from '@sinclair/typebox'

const Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
const Index = Type.Integer({ minimum: 0 })
const Text = Type.String()
const Copy = Type.Object(
  {},
  { description: 'The copy: {"parts":[…]}. Anything wrong in it is said in the answer.' },
)

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const exactly = <Members extends TProperties>(members: Members) =>
  Type.Object(members, { additionalProperties: false })

/** As it stands in the first part of a copy in pictures. */
export const TRANSFORM = Type.Object(
  {
    tool: Text,
    version: Text,
    input: exactly({ mediaType: Text, digest: Digest, sizeBytes: Index }),
    boxes: Type.Array(
      exactly({
        ...{ page: Index, x: Index, y: Index, width: Index, height: Index },
        ...{ ground: Text, reason: Text },
      }),
    ),
    pages: Type.Array(
      exactly({ page: Index, width: Index, height: Index, digest: Digest, sizeBytes: Index }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Of a copy in pictures: how it was made. Where it is named, it must fit the copy.',
  },
)

export const REDACTION_FORM = {
  says: 'A redacted copy, and what was sealed: its root or the commitment of each part',
  input: Type.Object({
    root: Type.Optional(Hash),
    commitments: Type.Optional(Type.Array(Hash, { minItems: 1, description: 'One a part.' })),
    copy: Copy,
    transform: Type.Optional(TRANSFORM),
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
        pagesFit: Type.Optional(Type.Literal(true, { description: 'If a transform was named.' })),
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
