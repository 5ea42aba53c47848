import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { instantFromMs } from '../../src/base/time.ts'
import type { LogParts } from '../../src/node/log.ts'
import { deriveClosedFiles } from '../../src/node/log-history.ts'
import { formatSignedNote, parseSignedNote } from '../../src/proof/signed-note.ts'
import { formatVkey } from '../../src/proof/vkey.ts'
import { realNow, withLogNode } from '../support/log-node.ts'
import { logSigner } from '../support/test-log.ts'
import { startWitness } from '../support/witness-server.ts'

const TABLES = ['log_head', 'log_entry', 'log_checkpoint', 'log_cosig']

test('a closed log shows the cosignatures that came after its checkpoint was published', () =>
  withLogNode(async (node) => {
    const witness = await startWitness(node.database, 'w1.example')
    const sequencer = await node.start({ witnesses: [witness] })
    await node.accept(3)
    await sequencer.flush()
    await sequencer.stop()
    await witness.stop()
    await sql`create schema closed_log_1`.execute(node.database)
    for (const table of TABLES) {
      await sql`alter table ${sql.table(table)} set schema closed_log_1`.execute(node.database)
    }
    const file = join(node.directory, 'checkpoint')
    const cosigned = await readFile(file)
    const { text, signatures } = parseSignedNote(new Uint8Array(cosigned))
    assert.equal(signatures.length, 3, 'the log and both keys of the witness')
    const derive = () =>
      deriveClosedFiles(
        {
          config: { folder: dirname(node.directory) },
          database: node.database,
          clocks: { wireNow: realNow },
        } as unknown as LogParts,
        {
          ordinal: 2,
          signer: logSigner,
          folder: 'ledger-2',
          notices: [],
          closed: [
            {
              ordinal: 1,
              origin: logSigner.key.name,
              vkey: formatVkey(logSigner.key),
              folder: basename(node.directory),
              treeSize: 3,
              rootHash: new Uint8Array(32),
              closedAt: instantFromMs(Date.now()),
              hasRows: true,
            },
          ],
        },
      )
    await writeFile(file, formatSignedNote({ text, signatures: signatures.slice(0, 1) }))
    await derive()
    assert.deepEqual(await readFile(file), cosigned)

    const other = formatSignedNote({ text: text.replace('\n3\n', '\n2\n'), signatures: [] })
    await writeFile(file, other)
    await derive()
    assert.deepEqual(new Uint8Array(await readFile(file)), other, 'another head stays')
  }))
