/** What every page knows besides its model: the node, the language, the person, the case time. */
import type { OtherWays } from '../app/kernel.ts'
import type { Door } from '../app/ports/door.ts'
import type { Instant } from '../base/time.ts'
import type { Role } from '../core/case/recorded.ts'

/** Fixed for a node from its start. */
export type Site = {
  readonly nodeId: string
  readonly authorityName: string
  /** As law packs name legal orders: `EU`, `GB`, `US-CA`. */
  readonly jurisdiction: string
  /** IANA time zone in which all times are shown. */
  readonly zone: string
  readonly phase: 'demonstration' | 'training' | 'pilot' | 'live'
  readonly simulatedClock: boolean
  /** Offered in the language navigation. */
  readonly languages: readonly string[]
  /** Those of them in which officers work; the others have English there. */
  readonly officersLanguages: readonly string[]
  /** Spoken where an address asks for them, never offered: only in a demonstration. */
  readonly pseudoLanguages: readonly string[]
  /** A neutral outside page for the exit button. */
  readonly exitUrl: string
  /** Origins of the doors that this server does not serve; links to them start with these. */
  readonly elsewhere: Readonly<Partial<Record<Door, string>>>
  /** Other ways to reach the authority. Absent ones are said to be absent. */
  readonly contact: OtherWays
}

export type SignedIn = {
  readonly officer: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Sent back with every form of the workspace. */
  readonly formToken: string
}

export type PageContext = {
  readonly lang: string
  readonly site: Site
  /** The address after its language, e.g. `/report`, kept by the language navigation. */
  readonly path: string
  /** Case time, shown when the clock is simulated. */
  readonly caseNow: Instant
  readonly signedIn?: SignedIn
}

/** Whether an address may ask for the language. */
export function speaks({ languages, pseudoLanguages }: Site, lang: string): boolean {
  return languages.includes(lang) || pseudoLanguages.includes(lang)
}
