/**
 * Writes requests of the exchange with the state that a node is in, one file each, named by
 * what was done: `protocol/vectors/exchange-messages/*.json`. `input` is a line of `comity
 * eval message`, `expect` what its answer says. Keys, salts and what age takes at random are
 * fixed and public. `--check` only compares.
 */
import { CHANNEL } from './exchange-messages/channel.ts'
import { FORM } from './exchange-messages/form.ts'
import { GOOD } from './exchange-messages/good.ts'
import { REQUEST } from './exchange-messages/request.ts'
import { SEALED } from './exchange-messages/sealed.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'

const files = new Map<string, string>()
const all = [GOOD, FORM, SEALED, CHANNEL, REQUEST].flatMap((group) => Object.entries(group))
// One after the other: what is sealed takes its random bytes from one counter.
for (const [name, vector] of all) {
  if (files.has(`${name}.json`)) throw new Error(`two vectors are named ${name}`)
  files.set(`${name}.json`, jsonText(await vector()))
}

await writeOrCheck('protocol/vectors/exchange-messages', files)
