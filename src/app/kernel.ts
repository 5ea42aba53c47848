/**
 * What use cases of this node may reach: ports only. The composition root fills
 * it once; a use case takes what it needs from it and nothing else.
 */
import type { CalendarDate } from '../base/time.ts'
import type { LawContext } from '../core/law/case-law.ts'
import type { FilingExtension } from '../core/triage/filing-clocks.ts'
import type { Primitives } from '../proof/primitives.ts'
import type { AcceptedReceipt } from '../wire/intake/filing.ts'
import type { AccessDesk } from './access.ts'
import type { Advisories } from './ports/advisories.ts'
import type { Attestations } from './ports/attestations.ts'
import type { Beacon } from './ports/beacon.ts'
import type { ChannelReceipts } from './ports/channel-receipts.ts'
import type { Clocks } from './ports/clocks.ts'
import type { Contacts } from './ports/contacts.ts'
import type { CsafProvider } from './ports/csaf-provider.ts'
import type { OfDoors } from './ports/door.ts'
import type { Erasures } from './ports/erasures.ts'
import type { Exhibits } from './ports/exhibits.ts'
import type { Filings } from './ports/filings.ts'
import type { NodeKeys } from './ports/keys.ts'
import type { LawEffects } from './ports/law-effects.ts'
import type { Matching } from './ports/matching.ts'
import type { Pages } from './ports/pages.ts'
import type { PeerLogs } from './ports/peer-logs.ts'
import type { Peers } from './ports/peers.ts'
import type { People } from './ports/people.ts'
import type { PersonsAffected } from './ports/persons-affected.ts'
import type { Policy } from './ports/policy.ts'
import type { PublicLog } from './ports/public-log.ts'
import type { Random } from './ports/random.ts'
import type { Receipts } from './ports/receipts.ts'
import type { ReceivedViews } from './ports/received-views.ts'
import type { Registers } from './ports/registers.ts'
import type { Sealing } from './ports/sealing.ts'
import type { SignIn } from './ports/sign-in.ts'
import type { SignOffCodes } from './ports/sign-off-codes.ts'
import type { Staff } from './ports/staff.ts'
import type { Streams } from './ports/streams.ts'
import type { Transfers } from './ports/transfers.ts'
import type { TriageVocabulary } from './ports/vocabulary.ts'
import type { Desk } from './ports/work.ts'

/** A `demo` node says so on every page; only there can case time be moved ahead. */
export type Profile = 'demo' | 'training' | 'production'

/** As people write them; `onion` is the public door's address for Tor Browser. */
export type OtherWays = {
  readonly phone?: string
  readonly post?: string
  readonly email?: string
  readonly onion?: string
}

export type NodeSelf = {
  /** e.g. `meridia.example` */
  readonly id: string
  readonly name: string
  /** As law packs name it: `EU`, `GB`, `US-CA`. */
  readonly legalOrder: string
  /** IANA zone of the authority. */
  readonly zone: string
  /** Scheme, host and port of each door, as others write them. */
  readonly urls: OfDoors<string>
  /** Other ways to reach the authority, beside this node. */
  readonly contact: OtherWays
  /** Version of the software. */
  readonly software?: string
  /** What the operator says of a review by somebody from outside; absent: there was none. */
  readonly outsideReview?: {
    readonly by: string
    readonly on: string
    readonly version: string
    readonly report: string
  }
  /** Peers cannot call it: it fetches what waits for it. */
  readonly outboundOnly?: true
  readonly profile: Profile
}

export type Kernel = {
  readonly node: NodeSelf
  readonly clocks: Clocks
  readonly random: Random
  readonly primitives: Primitives
  readonly keys: NodeKeys
  readonly streams: Streams
  readonly people: People
  readonly signIn: SignIn
  readonly staff: Staff
  readonly contacts: Contacts
  readonly access: AccessDesk
  readonly filings: Filings
  readonly personsAffected: PersonsAffected
  readonly exhibits: Exhibits
  readonly erasures: Erasures
  readonly transfers: Transfers
  readonly receivedViews: ReceivedViews
  readonly pages: Pages
  readonly attestations: Attestations
  readonly sealing: Sealing
  readonly policy: Policy
  readonly peers: Peers
  /** What the monitor of this node has seen of their logs. */
  readonly peerLogs: PeerLogs
  readonly receipts: Receipts
  readonly publicLog: PublicLog
  readonly registers: Registers
  readonly advisories: Advisories
  /** The advisories as they are served to programs. */
  readonly csaf: CsafProvider
  readonly vocabulary: TriageVocabulary
  readonly matching: Matching
  readonly law: LawDesk
  readonly signOffCodes: SignOffCodes
  readonly lawEffects: LawEffects
  /** Work around the cases: tasks, notices, imports, letters, guests, hooks. */
  readonly desk: Desk
  /** Streams that every node has: who it is, and which law packs its officers signed off. */
  readonly authorityStreamId: string
  readonly lawStreamId: string
  /** Proposals of rosters, recovery, sealing again. */
  readonly sealingStreamId: string
  /** What oversight looked at, drew and recommended. */
  readonly oversightStreamId: string
  /** What was erased, and on which ground. */
  readonly erasureStreamId: string
  /** Decides the draws of oversight. */
  readonly beacon: Beacon
  readonly channelReceipts: ChannelReceipts
  readonly intake: {
    readonly batchIntervalMs: number
    readonly sealDelayMs: number
    readonly escalation: AcceptedReceipt['escalation']
    /** Kinds of reports that an act makes this authority the channel for. */
    readonly receives?: readonly { readonly kind: string; readonly act: string }[]
    /** How much the page without a script takes in. */
    readonly basic?: {
      readonly perHour: number
      readonly burst: number
      readonly dwellSeconds: number
    }
    /** Of the disk: what is left is kept for what browsers sealed and for officers. */
    readonly room?: () => Promise<'ample' | 'scarce' | 'none'>
  }
}

export type LawDesk = {
  /** Packs in use, with the sign-offs of this authority. */
  context(): Promise<LawContext>
  /** Id of the pack of this authority's own legal order. */
  ownPackId(): string
  /** Duties towards a reporter, counted from the day of filing. */
  filingClocks(filedOn: CalendarDate): AcceptedReceipt['clocks']
  /** Of those clocks, which law lets be put off once, to when and by which words. */
  filingExtensions(filedOn: CalendarDate): readonly FilingExtension[]
}
