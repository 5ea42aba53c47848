import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { ComityError } from '../../base/errors.ts'
import { parseVkey } from '../../proof/vkey.ts'
import { readFinding, verifyFinding } from './finding.ts'

const FOLDER = new URL('../../../protocol/vectors/log-finding/', import.meta.url)

for (const name of readdirSync(FOLDER)) {
  const vector = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
  const keys = vector.logKeys.map((vkey: string) => parseVkey(nodePrimitives, vkey))
  const read = () => verifyFinding(nodePrimitives, readFinding(vector.value), keys)
  test(`${name}: ${vector.says}, so it is ${vector.verdict}`, () => {
    if (vector.verdict === 'refused') assert.throws(read, ComityError)
    else assert.ok(read().length > 0)
  })
}
