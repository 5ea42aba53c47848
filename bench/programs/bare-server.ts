/**
 * The least that a server of acts can do: takes JSON over HTTP, keeps one row durably,
 * answers. No session, no rules, no encryption, no signature: what remains is the price
 * of HTTP, of the driver and of the database on this machine.
 *
 * Arguments: the URL of the database, connections. Writes its port, ends with standard input.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import pg from 'pg'

const [url = '', connections = '32'] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: url, max: Number(connections) })
await pool.query('create table if not exists bench_bare (entry jsonb)')
const server = http.createServer(async (request, response) => {
  const values = [JSON.stringify(await json(request))]
  await pool.query({ name: 'keep', text: 'insert into bench_bare values ($1)', values })
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"done":true}')
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.on('end', async () => {
  server.close()
  server.closeAllConnections()
  await pool.query('drop table bench_bare')
  await pool.end()
})
process.stdin.resume()
