/**
 * What the database server can do at best: clients that insert one row a transaction,
 * each on a connection of its own, in a process of their own.
 *
 * Arguments: the URL of the database, clients, seconds. Writes commits a second.
 */
import { Client } from 'pg'

const [url = '', clients = '32', seconds = '3'] = process.argv.slice(2)
const connections = Array.from({ length: Number(clients) }, () => new Client(url))
await Promise.all(connections.map((connection) => connection.connect()))
await connections[0]?.query('create table if not exists bench_commit (n int, entry bytea)')
const entry = Buffer.alloc(150, 1)
let commits = 0
const started = performance.now()
const until = started + Number(seconds) * 1000
await Promise.all(
  connections.map(async (connection) => {
    while (performance.now() < until) {
      await connection.query({
        name: 'insert',
        text: 'insert into bench_commit values ($1, $2)',
        values: [commits, entry],
      })
      commits += 1
    }
  }),
)
const took = (performance.now() - started) / 1000
await connections[0]?.query('drop table bench_commit')
await Promise.all(connections.map((connection) => connection.end()))
process.stdout.write(String(commits / took))
