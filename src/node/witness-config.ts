/** What an outside witness is told: who it is, where its keys are, and whose logs it knows. */
import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { parseJson } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { KeysForm } from './config/keys.ts'
import { NameForm, PathForm, PortForm, PostgresUrlForm, section, VkeyForm } from './config/text.ts'

const WitnessForm = section({
  id: NameForm,
  port: PortForm,
  databaseUrl: PostgresUrlForm,
  /** With `keys` and `peers`: node documents, pinned as a node pins them. */
  folder: PathForm,
  keys: Type.Optional(KeysForm),
  logs: Type.Array(section({ origin: NameForm, vkey: VkeyForm }), { minItems: 1, maxItems: 1000 }),
})

export type WitnessConfig = Static<typeof WitnessForm>

/** @throws ComityError `malformed` with the member that is wrong */
export function readWitnessConfig(file: string): WitnessConfig {
  const value = parseJson(new Uint8Array(readFileSync(file)), 'configuration')
  if (Value.Check(WitnessForm, value)) return value
  const field = Value.Errors(WitnessForm, value).First()?.path.slice(1).replaceAll('/', '.') ?? ''
  throw malformed(`${file}: ${field || 'it'} is not as it must be`, { field })
}
