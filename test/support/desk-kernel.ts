/**
 * A node's kernel in this process, on a database of its own: streams, people,
 * filings, lists and the desk, as the node composes them. It has no log, no peers
 * and no exhibit room; what a test reaches beyond is not there.
 */
import type { TestContext } from 'node:test'
import { quicknet } from '../../src/adapters/beacon/quicknet.ts'
import { nodePrimitives, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { createCedarPolicy } from '../../src/adapters/policy/cedar.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { insertTask } from '../../src/adapters/postgres/desk/records.ts'
import { postgresSignatureFiles } from '../../src/adapters/postgres/desk/signature-files.ts'
import { postgresFilings } from '../../src/adapters/postgres/intake/filings.ts'
import { postgresPeerLogs } from '../../src/adapters/postgres/log/monitored-logs.ts'
import { postgresPeople } from '../../src/adapters/postgres/people/people.ts'
import { postgresStaff } from '../../src/adapters/postgres/people/staff.ts'
import { postgresRegisters } from '../../src/adapters/postgres/projections/registers.ts'
import { writeProjection } from '../../src/adapters/postgres/projections/write-projection.ts'
import { postgresErasures } from '../../src/adapters/postgres/streams/erasures.ts'
import { postgresStreams } from '../../src/adapters/postgres/streams/streams.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { openCase } from '../../src/app/open-case.ts'
import { readStanding } from '../../src/app/people/standing.ts'
import type { Clocks } from '../../src/app/ports/clocks.ts'
import type { Desk } from '../../src/app/ports/work.ts'
import { projectStream } from '../../src/app/project.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { addMs, HOUR_MS, instantFromMs, utcMonthOf } from '../../src/base/time.ts'
import type { Acting, Role } from '../../src/core/case/recorded.ts'
import type { Standing } from '../../src/core/people/standing.ts'
import type { MailConfig } from '../../src/node/config/mail.ts'
import { openDesk } from '../../src/node/desk.ts'
import {
  cisaCoordinatorTable,
  crosswalks,
  decisionTables,
  vocabularies,
} from '../../src/wire/vocabulary.ts'
import { kernelDatabase, keys } from './kernel-database.ts'

export const NODE = {
  id: 'meridia.example',
  name: 'Meridia AI Safety Authority (fictional)',
  legalOrder: 'EU',
  contact: {},
  zone: 'Europe/Brussels',
  profile: 'production',
  urls: {
    public: 'https://meridia.example',
    officers: 'https://desk.meridia.example',
    federation: 'https://peer.meridia.example',
  },
} as const

export type DeskKernel = {
  readonly kernel: Kernel
  readonly database: Database
  readonly desk: Desk
  /** Moves both clocks. */
  pass(ms: number): void
  enrol(name: string, roles: readonly Role[]): Promise<Acting>
  /** The same person at this moment. */
  now(acting: Acting): Acting
  openCase(title: string, acting: Acting): Promise<string>
  /** Appends to a stream as the node would, past every decision. */
  append(
    streamId: string,
    by: string,
    ...events: readonly { readonly type: string }[]
  ): Promise<void>
}

/** Begins in the next month if this one ends soon: for what is counted by months or quarters. */
export function stayInOneMonth({ kernel, pass }: Pick<DeskKernel, 'kernel' | 'pass'>): void {
  const now = kernel.clocks.caseNow()
  if (utcMonthOf(addMs(now, HOUR_MS)) !== utcMonthOf(now)) pass(HOUR_MS)
}

const NODE_SEED = new Uint8Array(32).fill(9)

export async function deskKernel(t: TestContext, mail?: MailConfig): Promise<DeskKernel> {
  const database = await kernelDatabase(t)
  let aheadMs = 0
  const now = () => instantFromMs(Date.now() + aheadMs)
  const clocks: Clocks = { caseNow: now, wireNow: now, caseOffsetMs: () => 0 }
  const random = systemRandom
  const people = postgresPeople({ database, atRest: keys, random })
  const filings = postgresFilings({ database, atRest: keys, clocks, random, onBatch: () => {} })
  const streams = postgresStreams({
    database,
    units: database,
    node: NODE.id,
    atRest: keys,
    clocks,
    random,
    primitives: nodePrimitives,
    sign: async (tx, by, message) =>
      (await people.signAs(tx, by, message)) ?? signEd25519(NODE_SEED, message),
    project: (tx, stream) => writeProjection(tx, stream, projectStream),
    enqueue: async () => random.uuid(),
    withhold: async () => {},
    takeBack: async () => false,
    eraseSent: async () => {},
    eraseMessages: async () => {},
    admit: filings.admit,
    closeFiling: filings.close,
    reseal: filings.reseal,
    writeToReporter: filings.writeToReporter,
    takeFollowUp: filings.takeFollowUp,
    tellContactOpened: filings.tellContactOpened,
    addTask: (tx, task) => insertTask(tx, keys, task),
    onCommit: () => {},
  })
  const authorityStreamId = random.uuidByTime()
  const sealingStreamId = random.uuidByTime()
  const oversightStreamId = random.uuidByTime()
  const erasureStreamId = random.uuidByTime()
  const desk = openDesk({ database, atRest: keys, mail })
  const kernel: Kernel = {
    node: NODE,
    clocks,
    random,
    primitives: nodePrimitives,
    streams,
    people,
    staff: postgresStaff({ database, atRest: keys }),
    filings,
    policy: createCedarPolicy(),
    registers: postgresRegisters(database, keys),
    peerLogs: postgresPeerLogs(database),
    vocabulary: {
      vocabularies,
      crosswalks,
      decisionTables,
      priorityTable: cisaCoordinatorTable,
      decisionTrees: [],
    },
    peers: { all: () => [] },
    desk,
    erasures: postgresErasures(database),
    attestations: { stamp: undefined, ...postgresSignatureFiles(database, keys) },
    authorityStreamId,
    sealingStreamId,
    oversightStreamId,
    erasureStreamId,
    beacon: quicknet(),
    law: { filingExtensions: () => [] },
    sealing: { isRecipient: (text: string) => text.startsWith('age1') },
    access: { standing: (): Promise<Standing> => readStanding(kernel) },
  } as unknown as Kernel
  await streams.transact(async (unit) => {
    await unit.create(authorityStreamId, 'authority')
    await unit.create(sealingStreamId, 'sealing')
    await unit.create(oversightStreamId, 'oversight')
    await unit.create(erasureStreamId, 'erasure')
  })
  const append: DeskKernel['append'] = (streamId, by, ...events) =>
    streams.transact(async (unit) => (await unit.open(streamId))?.append(events, by))
  return {
    kernel,
    database,
    desk,
    append,
    pass: (ms) => {
      aheadMs += ms
    },
    async enrol(name, roles) {
      const id = random.uuid()
      const person = { id, name, roles, sealingRecipient: 'age1invented' }
      const { publicKey } = await people.enrol(person)
      const enrolled = {
        type: 'officerEnrolled',
        officer: id,
        publicKey: toBase64(publicKey),
        roles,
      }
      await append(authorityStreamId, NODE.id, enrolled)
      return { officer: id, roles, authority: NODE.id, now: now() }
    },
    now: (acting) => ({ ...acting, now: now() }),
    async openCase(title, acting) {
      const answers = {
        title,
        whatHappened: 'An invented assistant gave harmful advice.',
        isPublic: 'no' as const,
        language: 'en',
      }
      const opened = await openCase(kernel, { title, answers }, acting)
      if (opened.decision === 'refuse') throw new Error(opened.why)
      return opened.value.streamId
    },
  }
}
