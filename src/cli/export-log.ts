/**
 * `comity export-log`: writes all logs of a node into a folder that anyone can keep, read
 * and check without Comity, and adds to it what is new. Made to run every night.
 */
import { parseArgs } from 'node:util'
import { exportLogs } from '../node/log-export.ts'
import { openNodeKeys } from '../node/node-keys.ts'
import { readOrRefuse } from './serve.ts'

const USAGE = `usage: comity export-log --config FILE --out FOLDER

Writes checkpoint, tiles and entry bundles of every log of the node, open and closed, with the
policy, the node's documents and a README that says how to read them without Comity. The node,
serving or not, is only read. Run again, it writes only what is new; one that was cut short is
mended by the next.

Check it with:  comity verify FOLDER --policy FILE

Exit codes: 0 done, 1 refused, 2 wrong usage.
`

export async function exportLogCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || !values.config || !values.out || positionals.length > 0) {
    ;(values.help ? process.stdout : process.stderr).write(USAGE)
    return values.help ? 0 : 2
  }
  const config = readOrRefuse(values.config)
  const keys = await openNodeKeys(config)
  try {
    const { files, entries, logs } = await exportLogs(config, keys, values.out)
    const what = `${logs} ${logs === 1 ? 'log' : 'logs'}, ${entries} new entries`
    process.stdout.write(`${what}, ${files} files written in ${values.out}\n`)
    return 0
  } finally {
    await keys.close()
  }
}
