/**
 * Where a node listens. Three doors, so that a fault in one is not a way through
 * another: people outside (pages, reports, open data, the log), the authority's own
 * people, and peers. Each may have a certificate of its own, or stand behind a
 * reverse proxy on the same machine.
 *
 * Doors with the same host and port are one server; a production node keeps them apart.
 */
import { type Static, Type } from '@sinclair/typebox'
import { DOORS, type Door } from '../../app/ports/door.ts'
import type { ExchangeConfig } from './exchange.ts'
import { NameForm, OriginForm, PathForm, PortForm, section } from './text.ts'

const ListenerForm = section({
  host: NameForm,
  port: PortForm,
  /** How others reach it: scheme, host and port as a browser or a peer writes them. */
  url: OriginForm,
  tls: Type.Optional(section({ certificateFile: PathForm, keyFile: PathForm })),
})

export const ListenersForm = section({
  public: ListenerForm,
  officers: ListenerForm,
  federation: ListenerForm,
})

export type ListenerConfig = Static<typeof ListenerForm>
export type ListenersConfig = Static<typeof ListenersForm>

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
