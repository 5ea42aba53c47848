/**
 * Where a node listens. Three doors, so that a fault in one is not a way through
 * another: people outside (pages, reports, open data, the log), the authority's own
 * people, and peers. Each may have a certificate of its own, or stand behind a
 * reverse proxy on the same machine.
 *
 * Doors with the same host and port are one server; a production node keeps them apart.
 */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { DOORS, type Door } from '../../app/ports/door.ts'
import { malformed } from '../../base/errors.ts'
import type { ExchangeConfig } from './exchange.ts'
import { NameForm, OriginForm, PathForm, PortForm, section } from './text.ts'

const ListenerForm = section({
  host: NameForm,
  port: PortForm,
  /** How others reach it: scheme, host and port as a browser or a peer writes them. */
  url: OriginForm,
  tls: Type.Optional(section({ certificateFile: PathForm, keyFile: PathForm })),
})

/** An address, or a range of them as `10.1.0.0/16`. */
const ProxyForm = Type.String({ pattern: '^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$' })

export const ListenersForm = section({
  public: ListenerForm,
  officers: section({
    ...ListenerForm.properties,
    /**
     * Reverse proxies whose X-Forwarded-For says who calls, to tell who floods the sign-in
     * from who does not. No other door asks who calls.
     */
    trustedProxies: Type.Optional(Type.Array(ProxyForm, { maxItems: 20 })),
  }),
  federation: ListenerForm,
})

export type ListenerConfig = Static<typeof ListenerForm>
export type ListenersConfig = Static<typeof ListenersForm>

/** @throws ComityError `malformed` for what is neither an address nor a range */
export function requireProxies({ officers }: ListenersConfig): void {
  for (const proxy of officers.trustedProxies ?? []) {
    const [address = '', bits] = proxy.split('/')
    const version = isIP(address)
    const isRange = bits === undefined || Number(bits) <= (version === 4 ? 32 : 128)
    // A range of everything would let anybody say where they come from.
    if (version === 0 || !isRange || Number(bits ?? 1) < 1) {
      throw malformed('a trusted proxy is an IP address or a range such as 10.1.0.0/16', {
        field: 'listeners.officers.trustedProxies',
        reason: 'configuration',
      })
    }
  }
}

/** @throws ComityError `malformed` for a certificate at an address that is called without one */
export function requireHttps(listeners: ListenersConfig): void {
  for (const door of DOORS) {
    const { tls, url } = listeners[door]
    if (!tls || url.startsWith('https://')) continue
    throw malformed(`a listener with a certificate is called with https, not ${url}`, {
      field: `listeners.${door}.url`,
      reason: 'configuration',
    })
  }
}

/** Relative paths count from the folder of the configuration. */
export function certificatesFrom(from: string, listeners: ListenersConfig): ListenersConfig {
  const { public: outside, officers, federation } = listeners
  return {
    public: { ...outside, ...tlsFrom(from, outside) },
    officers: { ...officers, ...tlsFrom(from, officers) },
    federation: { ...federation, ...tlsFrom(from, federation) },
  }
}

function tlsFrom(from: string, { tls }: ListenerConfig): Pick<ListenerConfig, 'tls'> {
  if (!tls) return {}
  const [certificateFile, keyFile] = [
    resolve(from, tls.certificateFile),
    resolve(from, tls.keyFile),
  ]
  return { tls: { certificateFile, keyFile } }
}

/** The doors that are opened: a node that cannot be called has none for peers. */
export function openDoors(exchange: ExchangeConfig | undefined): readonly Door[] {
  return exchange?.outboundOnly ? DOORS.filter((door) => door !== 'federation') : DOORS
}

/** The doors of each server, by the address on which it listens. */
export function serversOf(
  listeners: ListenersConfig,
  exchange?: ExchangeConfig,
): ReadonlyMap<string, readonly Door[]> {
  return Map.groupBy(
    openDoors(exchange),
    (door) => `${listeners[door].host}:${listeners[door].port}`,
  )
}
