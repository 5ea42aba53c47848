/** Whether the doors' certificates last, and are for their addresses. */
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { DAY_MS, SECOND_MS } from '../../base/time.ts'
import { openDoors } from '../config/listeners.ts'
import { type Certificate, readCertificate } from '../door-certificates.ts'
import { type Check, type Finding, warning, well, wrong } from './finding.ts'

const WITHIN_MS = 5 * SECOND_MS
const CERTIFICATE_WARNING_MS = 21 * DAY_MS

export const certificates: Check = {
  name: 'certificates',
  async run({ config, nowMs }) {
    const found: Finding[] = []
    let seen = 0
    for (const door of openDoors(config.exchange)) {
      const { url, tls } = config.listeners[door]
      const own = tls && readCertificate(tls)
      const end = own ? own.endsAtMs : await endOfHost(url)
      if (end === undefined) continue
      seen++
      if (own && !isFor(own, url)) {
        found.push(
          wrong(
            `that of the ${door} door is for other names than that of ${url}`,
            'nobody who calls this address trusts it: get one for this name',
          ),
        )
      }
      const days = Math.floor((end - nowMs) / DAY_MS)
      if (end < nowMs) found.push(wrong(`that of ${url} has ended`, 'renew it now'))
      else if (end - nowMs < CERTIFICATE_WARNING_MS) {
        found.push(warning(`that of ${url} ends in ${days} days`, 'renew it'))
      }
    }
    if (found.length > 0) return found
    return seen > 0 ? [well(`${seen}, none ends soon`)] : []
  },
}

function isFor({ leaf }: Certificate, url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined
}

/** Whoever signed it: that it is not trusted shows when the door is asked. */
function endOfHost(url: string): Promise<number | undefined> {
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'https:') return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const options = {
      host: hostname,
      port: Number(port || 443),
      servername: hostname,
      rejectUnauthorized: false,
      timeout: WITHIN_MS,
    }
    const socket = connect(options, () => {
      const end = Date.parse(socket.getPeerCertificate().valid_to)
      socket.destroy()
      resolve(Number.isNaN(end) ? undefined : end)
    })
    const give = () => {
      socket.destroy()
      resolve(undefined)
    }
    socket.on('error', give)
    socket.on('timeout', give)
  })
}
