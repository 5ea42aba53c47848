/**
 * Verifies a reporter's proof of filing: the accepted receipt or its sealed form. Apart
 * from the other kinds of files, so that a page can carry it whole.
 */
import { fromBase64, textFromUtf8, toHex } from '../base/bytes.ts'
import { type Json, parseJson } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import type { Policy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import { requireUniqueMembers } from './duplicate-members.ts'
import type { EventOpening } from './event-opening.ts'
import { requireForm } from './exchange/form.ts'
import type { SignedReceipt } from './intake/filing.ts'
import { type FilingStatement, statementDigest } from './intake/filing-statement.ts'
import {
  batchScripts,
  FilingStatementForm,
  readSealedFiling,
  type SealedFiling,
  SignedAcceptedForm,
  verifyAccepted,
  verifyBatchEntry,
  verifyBatchPath,
  verifyKeyOpening,
} from './intake/sealed-receipt.ts'
import { type Checking, type Report, ReportWriter, type Subject } from './package/report.ts'

const FILE = 'file'

export type FilingTrust = {
  readonly policy: Policy | undefined
  /** The opening of the event by which the node published its keys. */
  readonly key?: EventOpening | undefined
  /** Of a statement: the receipt of the filing that it was made with. */
  readonly filing?: Uint8Array | undefined
}

export type Members = { readonly [member: string]: Json | undefined }

/** @throws ComityError `malformed` if it is no proof of filing; else all is in the report */
export function verifyFilingFile(
  primitives: Primitives,
  bytes: Uint8Array,
  trust: FilingTrust,
): Report {
  const fault = 'the file is no proof of filing'
  const report = filingReport(primitives, membersOf(bytes, { field: FILE, fault }), trust)
  if (!report) throw malformed(fault, { field: FILE })
  return report
}

/** The members of the one object that the bytes are; each stands there once. */
export function membersOf(
  bytes: Uint8Array,
  { field, fault }: { readonly field: string; readonly fault: string },
): Members {
  const value = parseJson(bytes, field)
  requireUniqueMembers(textFromUtf8(bytes, field))
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw malformed(fault, { field })
  }
  return value as Members
}

/** Undefined: it is a file of another kind. @throws ComityError `malformed` */
export function filingReport(
  primitives: Primitives,
  members: Members,
  trust: FilingTrust,
): Report | undefined {
  if (members['kind'] === 'filing-statement') return statementReport(primitives, members, trust)
  if (members['kind'] === 'filing-sealed') return sealedFilingReport(primitives, members, trust)
  return Object.hasOwn(members, 'keyId') ? acceptedReport(primitives, members, trust) : undefined
}

/** What is looked at beside a filing, e.g. the name in which it was made. */
type BesideFiling = {
  readonly subject: Subject
  readonly look: (report: ReportWriter, signed: SignedReceipt) => void
}

/**
 * The statement of an organisation that filed by name, with the receipt of that filing: the
 * one names nobody, the other is signed by nobody; together they show who was named when.
 */
function statementReport(primitives: Primitives, members: Members, trust: FilingTrust): Report {
  requireForm(FilingStatementForm, members, '')
  const statement = members as unknown as FilingStatement
  if (!trust.filing) {
    throw malformed('a statement is checked with the receipt of its filing', { field: 'receipt' })
  }
  const fault = 'not the receipt of a filing'
  const filing = membersOf(trust.filing, { field: 'receipt', fault })
  const beside: BesideFiling = {
    subject: 'filing-statement',
    look: (report, signed) => checkStatement(primitives, report, statement, signed),
  }
  return filing['kind'] === 'filing-sealed'
    ? sealedFilingReport(primitives, filing, trust, beside)
    : acceptedReport(primitives, filing, trust, beside)
}

function checkStatement(
  primitives: Primitives,
  report: ReportWriter,
  statement: FilingStatement,
  { receipt }: SignedReceipt,
): void {
  const { legalName, registerNumber, law, origin } = statement
  report.about('filed by, as it said itself', legalName)
  if (registerNumber !== null) report.about('register number, as it said itself', registerNumber)
  if (law !== null) report.about('under', law)
  report.check('statement', (checking) => {
    checking.looked(FILE)
    if (receipt.statementDigest === undefined) {
      checking.fail('receipt', 'the receipt is of a filing without a name')
    } else if (origin !== receipt.origin) {
      checking.fail(FILE, 'the statement was made to another authority')
    } else if (toHex(statementDigest(primitives, statement)) !== receipt.statementDigest) {
      checking.fail(FILE, 'the receipt holds the digest of another statement')
    } else checking.found(`digest ${receipt.statementDigest}`)
  })
}

function acceptedReport(
  primitives: Primitives,
  members: Members,
  { policy, key }: FilingTrust,
  beside?: BesideFiling,
): Report {
  requireForm(SignedAcceptedForm, members, '')
  const signed = members as unknown as SignedReceipt
  const report = new ReportWriter(beside?.subject ?? 'filing-accepted')
  sayFiling(report, signed)
  beside?.look(report, signed)
  anchor(report, policy)
  checkAccepted(primitives, report, { signed, key, policy })
  return report.finish()
}

function sealedFilingReport(
  primitives: Primitives,
  members: Members,
  { policy, key }: FilingTrust,
  beside?: BesideFiling,
): Report {
  const sealed = readSealedFiling(members)
  const signed = sealed.accepted as unknown as SignedReceipt
  const report = new ReportWriter(beside?.subject ?? 'filing-sealed')
  sayFiling(report, signed)
  beside?.look(report, signed)
  const trusted = anchor(report, policy)
  const own = sealed.key === null ? undefined : (sealed.key as unknown as EventOpening)
  checkAccepted(primitives, report, { signed, key: key ?? own, policy })
  report.check('batch', (checking) => {
    checking.looked(FILE)
    checking.attempt(FILE, () => verifyBatchPath(primitives, sealed))
    checking.found(`leaf ${sealed.path.leafIndex} of ${sealed.path.treeSize}, filler included`)
    checkScript(checking, sealed)
  })
  if (trusted) {
    report.check('log', (checking) => {
      const place = checking.attempt(FILE, () => verifyBatchEntry(primitives, sealed, trusted))
      if (place) sayPlace(checking, place)
    })
  }
  return report.finish()
}

/** Everybody can look up in the log which scripts the node said it served then. */
function checkScript(checking: Checking, { accepted, entry }: SealedFiling): void {
  const named = checking.attempt(FILE, () => batchScripts(fromBase64(entry, '/entry')))
  const { bundleDigest, mode } = accepted.receipt
  if (mode !== 'sealed-in-browser' || named === undefined || named.length === 0) return
  if (bundleDigest !== undefined && named.includes(bundleDigest)) {
    checking.found(`sealed by a script that the log names: ${bundleDigest}`)
  } else checking.fail(FILE, 'the script that sealed it is none that the batch names')
}

export const NO_KEY = 'no published key was given: whose signature this is cannot be told'

type Accepted = {
  readonly signed: SignedReceipt
  readonly key: EventOpening | undefined
  readonly policy: Policy | undefined
}

/** The signature counts only under a key that is itself in the log. */
function checkAccepted(
  primitives: Primitives,
  report: ReportWriter,
  { signed, key, policy }: Accepted,
): void {
  if (!policy) return
  if (!key) {
    report.check('anchor', (checking) => {
      checking.fail('key', NO_KEY)
    })
    return
  }
  report.check('filing', (checking) => {
    checking.looked(FILE)
    const node = signed.receipt.origin
    const keys = checking.attempt('key', () => verifyKeyOpening(primitives, key, { node, policy }))
    if (keys) checking.attempt(FILE, () => verifyAccepted(primitives, signed, keys))
    checking.found(`signed with ${signed.keyId}, to be in the log by ${signed.receipt.mergeBy}`)
  })
}

function sayFiling(report: ReportWriter, { receipt }: SignedReceipt): void {
  report.about('node', receipt.origin)
  report.about('filed on', receipt.filedOn)
  report.clock({ simulatedClock: receipt.simulatedClock, clockOffsetMs: null })
}

export function anchor(report: ReportWriter, policy: Policy | undefined): Policy | undefined {
  report.check('anchor', (checking) => {
    if (policy)
      checking.found(`${policy.logs.length} logs and ${policy.witnesses.length} witnesses`)
    else checking.fail('policy', 'no policy was given: nothing ties this to anyone you trust')
  })
  return policy
}

export function sayPlace(
  checking: Checking,
  place: {
    readonly origin: string
    readonly leafIndex: number
    readonly treeSize: number
    readonly witnesses: readonly string[]
  },
): void {
  const { origin, leafIndex, treeSize, witnesses } = place
  checking.looked(FILE)
  checking.found(
    `entry ${leafIndex} of ${treeSize} in ${origin}, cosigned by ${witnesses.join(', ')}`,
  )
}
