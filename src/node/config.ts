/**
 * What a node is told: one YAML file, readable by its owner only. A member that
 * nobody knows is refused, and so is what contradicts itself: a node that starts
 * means what its file says. Relative paths count from the folder of the file.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { parseDocument } from 'yaml'
import type { NodeSelf } from '../app/kernel.ts'
import { malformed } from '../base/errors.ts'
import { isCalendarDate } from '../base/time.ts'
import { isZone } from '../core/law/calendar.ts'
import { NodeIdForm } from '../wire/exchange/form.ts'
import { REPORT_KINDS } from '../wire/intake/report-forms.ts'
import { ContactForm } from './config/contact.ts'
import { DatabaseForm } from './config/database.ts'
import { ExchangeForm } from './config/exchange.ts'
import { type ExhibitsConfig, ExhibitsForm } from './config/exhibits.ts'
import { HooksForm } from './config/hooks.ts'
import { KeysForm } from './config/keys.ts'
import {
  certificatesFrom,
  ListenersForm,
  requireHttps,
  requireProxies,
  serversOf,
} from './config/listeners.ts'
import { type MailConfig, MailForm } from './config/mail.ts'
import { MetricsForm } from './config/metrics.ts'
import { OutsideReviewForm } from './config/outside-review.ts'
import { requireSignIn, SignInForm } from './config/sign-in.ts'
import { MillisecondsForm, NameForm, PathForm, section, UrlForm, VkeyForm } from './config/text.ts'
import { TimestampsForm } from './config/timestamps.ts'
import { softwareVersion } from './software-version.ts'

const NodeConfigForm = section({
  node: section({
    id: NodeIdForm,
    name: NameForm,
    /** As law packs name it: `EU`, `GB`, `US-CA`. */
    legalOrder: Type.String({ pattern: '^[A-Z]{2}(-[A-Z0-9]{1,3})?$' }),
    /** Code of the Member State whose overlay is laid over the pack, e.g. `FR`. */
    memberState: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
    /** IANA zone in which the authority counts its days. */
    zone: NameForm,
    profile: Type.Union([
      Type.Literal('demo'),
      Type.Literal('training'),
      Type.Literal('production'),
    ]),
  }),
  listeners: ListenersForm,
  database: DatabaseForm,
  /** Keys, log tiles, exhibits and pinned peers of this node. */
  folder: PathForm,
  /** Plain files in `folder` if nothing is said. */
  keys: Type.Optional(KeysForm),
  log: section({
    /** The policy by which receipts of this node's log count as sealed. */
    policyFile: PathForm,
    intervalMs: MillisecondsForm,
    witnesses: Type.Array(section({ vkey: VkeyForm, url: UrlForm }), { maxItems: 32 }),
    /** How often the logs of peers are looked at; a minute if nothing is said. */
    monitorIntervalMs: Type.Optional(MillisecondsForm),
  }),
  intake: section({
    batchIntervalMs: MillisecondsForm,
    /** Entries of acts that go to the log with a batch: the same number each time. */
    batchEntries: Type.Optional(Type.Integer({ minimum: 8, maximum: 1024 })),
    /** Of the page without a script, for all who use it together. */
    basic: Type.Optional(
      section({
        perHour: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
        burst: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
        dwellSeconds: Type.Integer({ minimum: 0, maximum: 600 }),
      }),
    ),
    escalation: section({ body: NameForm, address: Type.String({ maxLength: 500 }) }),
    /** Kinds of reports that an act makes this authority the channel for, where no law pack says it. */
    receives: Type.Optional(
      Type.Array(
        section({
          kind: Type.Union(REPORT_KINDS.map((kind) => Type.Literal(kind))),
          act: Type.String({ minLength: 1, maxLength: 300 }),
        }),
        { maxItems: REPORT_KINDS.length },
      ),
    ),
  }),
  /** Without it the public pages say that there is no other way. */
  contact: Type.Optional(ContactForm),
  /** Without it the public security page says that nobody from outside has reviewed it. */
  outsideReview: Type.Optional(OutsideReviewForm),
  signIn: SignInForm,
  mail: Type.Optional(MailForm),
  hooks: Type.Optional(HooksForm),
  /** Without it nobody can read the node's figures. */
  metrics: Type.Optional(MetricsForm),
  /** Without it nothing can be time-stamped. */
  timestamps: Type.Optional(TimestampsForm),
  /** Nothing said: peers call this node, and it calls them. */
  exchange: Type.Optional(ExchangeForm),
  /** In the node's folder, files of up to 8 GiB, if nothing is said. */
  exhibits: Type.Optional(ExhibitsForm),
})

export type NodeConfig = Static<typeof NodeConfigForm>

const FILE_SIZE_MAX = 256 * 1024

/** @throws ComityError `malformed` whose field names the member */
export function readNodeConfig(file: string): NodeConfig {
  const text = readFileSync(file, 'utf8')
  if (text.length > FILE_SIZE_MAX) throw malformed('the configuration is too long')
  const config = parseConfig(text)
  const from = dirname(resolve(file))
  return {
    ...config,
    folder: resolve(from, config.folder),
    listeners: certificatesFrom(from, config.listeners),
    log: { ...config.log, policyFile: resolve(from, config.log.policyFile) },
    ...(config.mail ? { mail: mailFilesFrom(from, config.mail) } : {}),
    ...(config.exhibits ? { exhibits: exhibitsFrom(from, config.exhibits) } : {}),
    ...(config.timestamps
      ? {
          timestamps: {
            ...config.timestamps,
            rootFile: resolve(from, config.timestamps.rootFile),
          },
        }
      : {}),
    ...(config.hooks
      ? {
          hooks: config.hooks.map((one) => ({ ...one, secretFile: resolve(from, one.secretFile) })),
        }
      : {}),
  }
}

/** @throws ComityError `malformed` whose field names the member */
export function parseConfig(text: string): NodeConfig {
  const document = parseDocument(text, { strict: true, uniqueKeys: true })
  const [error] = document.errors
  if (error) {
    const line = error.linePos?.[0].line ?? 1
    throw malformed(`the configuration is no YAML, see line ${line}`, { reason: error.code })
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 })
  const fault = Value.Errors(NodeConfigForm, value).First()
  if (fault) {
    const field = fault.path.slice(1).replaceAll('/', '.') || 'the whole file'
    throw malformed(`${field}: ${fault.message.toLowerCase()}`, { field, reason: 'configuration' })
  }
  const config = value as NodeConfig
  requireSense(config)
  return config
}

function mailFilesFrom(from: string, mail: MailConfig): MailConfig {
  const { passwordFile, caFile } = mail
  return {
    ...mail,
    ...(passwordFile ? { passwordFile: resolve(from, passwordFile) } : {}),
    ...(caFile ? { caFile: resolve(from, caFile) } : {}),
  }
}

function exhibitsFrom(from: string, { s3, ...rest }: ExhibitsConfig): ExhibitsConfig {
  return s3 ? { ...rest, s3: { ...s3, secretKeyFile: resolve(from, s3.secretKeyFile) } } : rest
}

/** What the node says of itself to its use cases. */
export function nodeSelfOf(config: NodeConfig): NodeSelf {
  const { node, listeners, exchange, contact = {}, outsideReview } = config
  const { public: outside, officers, federation } = listeners
  return {
    ...node,
    urls: { public: outside.url, officers: officers.url, federation: federation.url },
    contact,
    software: softwareVersion(),
    ...(outsideReview ? { outsideReview } : {}),
    ...(exchange?.outboundOnly ? { outboundOnly: true } : {}),
  }
}

function requireSense(config: NodeConfig): void {
  if (!isZone(config.node.zone)) {
    throw malformed('no such time zone: write a name such as Europe/Brussels', {
      field: 'node.zone',
      reason: 'configuration',
    })
  }
  const { outsideReview } = config
  if (outsideReview && !isCalendarDate(outsideReview.on)) {
    throw malformed('not a day of the calendar', {
      field: 'outsideReview.on',
      reason: 'configuration',
    })
  }
  requireKindsOnce(config.intake)
  requireSignIn(config.node.profile, config.listeners.officers.url, config.signIn)
  requireOwnDoors(config)
  requireProxies(config.listeners)
  requireHttps(config.listeners)
}

function requireKindsOnce({ receives = [] }: NodeConfig['intake']): void {
  const kinds = receives.map(({ kind }) => kind)
  const at = kinds.findIndex((kind, index) => kinds.indexOf(kind) < index)
  if (at < 0) return
  throw malformed('each kind of report is named once, with its act', {
    field: `intake.receives.${at}`,
    reason: 'configuration',
  })
}

function requireOwnDoors({ node, listeners, exchange }: NodeConfig): void {
  if (node.profile !== 'production') return
  for (const [address, doors] of serversOf(listeners, exchange)) {
    if (doors.length === 1) continue
    const text = `${doors.join(' and ')} both listen on ${address}: a production node keeps them apart`
    throw malformed(text, { field: 'listeners', reason: 'configuration' })
  }
}
