/**
 * Writes the vectors of the HTTP signature profile, one file each, named by what
 * was done to the message: `protocol/vectors/http-signature/*.json`. Keys are fixed
 * and public; Ed25519 has no randomness, so every run gives the same bytes.
 * `--check` only compares.
 */
import { jsonText, writeOrCheck } from './generated-files.ts'
import { COMPONENT_VECTORS } from './http-signature/component-vectors.ts'
import { A, B, NOW } from './http-signature/drafts.ts'
import { MESSAGE_VECTORS } from './http-signature/message-vectors.ts'
import { PARAMETER_VECTORS } from './http-signature/parameter-vectors.ts'
import { RESPONSE_VECTORS } from './http-signature/response-vectors.ts'
import { SIGNATURE_VECTORS } from './http-signature/signature-vectors.ts'

const vectors = {
  ...SIGNATURE_VECTORS,
  ...PARAMETER_VECTORS,
  ...MESSAGE_VECTORS,
  ...RESPONSE_VECTORS,
  ...COMPONENT_VECTORS,
}

const files = new Map(
  Object.entries(vectors).map(([name, vector]) => [
    `${name}.json`,
    jsonText({ now: NOW, keys: [A.listed, B.listed], ...vector }),
  ]),
)

await writeOrCheck('protocol/vectors/http-signature', files)
