/**
 * `comity law sign-off FOLDER`: signs off the files of a law pack as they lie on this
 * machine, with the overlay of a Member State where the node has one. The code comes from
 * the officers' page, right after a strong proof; the node refuses if the bytes that it
 * holds are others.
 */
import { parseArgs } from 'node:util'
import { readOverlayFile, withOverlay } from '../../adapters/law-packs.ts'
import { malformed, unavailable } from '../../base/errors.ts'
import { findClock, type LawPack } from '../../core/law/pack.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import { packNamed } from './pack-argument.ts'

const USAGE = `usage: comity law sign-off FOLDER --door URL --code CODE [--overlay FILE] [--except CLOCK]…

FOLDER   a law pack: the folder with its pack.yaml, as you have read it
FILE     the overlay of the Member State, such as law/eu/overlays/xm.yaml, if the node has one
URL      the officers' door of your node, such as https://desk.example
CODE     from the page of that pack, at most ten minutes old; it works once
CLOCK    <instrument>/<clock> that you leave out: its dates will not bind
`

const WAIT_MS = 30_000

export async function signOffCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      door: { type: 'string' },
      code: { type: 'string' },
      overlay: { type: 'string' },
      except: { type: 'string', multiple: true, default: [] },
    },
  })
  const [folder, ...more] = positionals
  const { door, code, overlay, except: excepted } = values
  if (folder === undefined || more.length > 0 || door === undefined || code === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const { id: pack, version, digest, ...rest } = laidOver(packNamed(folder), overlay)
  const unknown = excepted.find(
    (clock) => findClock({ id: pack, version, digest, ...rest }, clock) === undefined,
  )
  if (unknown !== undefined) throw malformed(`the pack has no clock ${plainText(unknown)}`)
  process.stdout.write(`${pack} ${version}\nSHA-256 ${digest}\n`)
  return send(door, { code, pack, version, digest, ...(excepted.length > 0 ? { excepted } : {}) })
}

function laidOver(pack: LawPack, overlay: string | undefined): LawPack {
  return overlay === undefined ? pack : (withOverlay([pack], readOverlayFile(overlay))[0] ?? pack)
}

async function send(door: string, body: object): Promise<number> {
  const url = addressOf(door)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(WAIT_MS),
    })
  } catch (cause) {
    throw unavailable('the node does not answer at that door; nothing was signed', { cause })
  }
  if (response.ok) {
    process.stdout.write('signed off\n')
    return 0
  }
  const problem = (await response.json().catch(() => ({}))) as { readonly detail?: unknown }
  const why = typeof problem.detail === 'string' ? plainText(problem.detail) : 'no reason given'
  process.stderr.write(`comity law: refused (${response.status}): ${why}\n`)
  return 1
}

/** A code must not travel in clear, except to this machine itself. */
function addressOf(door: string): URL {
  const base = URL.parse(door)
  if (base === null) throw malformed('not an address', { field: '--door' })
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(base.hostname)
  if (base.protocol !== 'https:' && !(base.protocol === 'http:' && isHere)) {
    throw malformed('the door must have an https address', { field: '--door' })
  }
  return new URL('/api/v1/law/sign-offs/by-code', base)
}
