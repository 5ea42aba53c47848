import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { noteDigest, type SaltedNote } from './note.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

test('the digest is of the canonical note and changes with every member of it', () => {
  const note: SaltedNote = { salt: '01', about: 'roles', ground: 'moved' }
  const digest = noteDigest(note, sha256)
  const byHand = createHash('sha256').update('{"about":"roles","ground":"moved","salt":"01"}')
  assert.equal(digest, byHand.digest('hex'))
  const others: SaltedNote[] = [
    { ...note, salt: '02' },
    { ...note, ground: 'mistake' },
    { salt: '01', about: 'leaving', ground: 'moves' },
  ]
  for (const other of others) assert.notEqual(noteDigest(other, sha256), digest)
})
