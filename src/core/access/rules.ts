/**
 * The rules of access as tables: which roles may do which group of actions, for
 * which purpose a case must then be declared, and what ties a person to a case
 * under each classification. decide-access.ts reads them; nothing else decides by
 * role. What stands in no row is refused.
 */
import { OUTSIDE_ROLES, type Role, STAFF_ROLES } from '../case/recorded.ts'

export const CLASSIFICATIONS = ['open', 'restricted', 'confidential'] as const
export type Classification = (typeof CLASSIFICATIONS)[number]

/** What the material of a case may be used for, in the words of its kinds. */
export const PURPOSES = ['disclosure', 'enforcement', 'assistance'] as const
export type Purpose = (typeof PURPOSES)[number]

/** People who see only the cases to which they were admitted. */
export const ADMITTED_ROLES = ['auditor', ...OUTSIDE_ROLES] as const
export type AdmittedRole = (typeof ADMITTED_ROLES)[number]

const WORKERS = ['caseOfficer', 'reviewer', 'liaison', 'oversight'] as const
const READERS = [...WORKERS, 'counsel'] as const
const EXCHANGE = ['caseOfficer', 'liaison'] as const

type ActionRule = {
  readonly roles: readonly Role[]
  /** Null: for whatever the case is declared. */
  readonly purpose: Purpose | null
  /** `change`: it changes a case, or takes it away; a conflict of interest or an absence bars it. */
  readonly kind: 'read' | 'change'
}

/** Actions on one case. */
const CASE_ACTIONS = {
  read: { roles: [...READERS, ...ADMITTED_ROLES], purpose: null, kind: 'read' },
  readShared: { roles: [...READERS, ...ADMITTED_ROLES], purpose: null, kind: 'read' },
  /** Somebody from outside says something to what was shared. */
  answerShared: { roles: OUTSIDE_ROLES, purpose: null, kind: 'change' },
  export: { roles: [...EXCHANGE, 'oversight', 'auditor'], purpose: null, kind: 'change' },
  handle: { roles: ['caseOfficer'], purpose: null, kind: 'change' },
  disclose: { roles: ['caseOfficer'], purpose: 'disclosure', kind: 'change' },
  enforce: { roles: ['caseOfficer'], purpose: 'enforcement', kind: 'change' },
  assist: { roles: ['caseOfficer'], purpose: 'assistance', kind: 'change' },
  exchange: { roles: EXCHANGE, purpose: null, kind: 'change' },
  /** The second officer of an emergency; where a review was put afterwards, a reviewer. */
  validateEmergency: { roles: [...EXCHANGE, 'reviewer'], purpose: null, kind: 'change' },
  askAssistance: { roles: EXCHANGE, purpose: 'assistance', kind: 'change' },
  openExhibit: { roles: ['caseOfficer', 'reviewer'], purpose: null, kind: 'change' },
  /** Protective orders, legal holds, disposal, requests under public-records law. */
  keepRecords: { roles: [...EXCHANGE, 'oversight'], purpose: null, kind: 'change' },
  /** Oversight reads an exhibit, by its statute. */
  inspect: { roles: ['oversight'], purpose: null, kind: 'change' },
  openContact: { roles: [...EXCHANGE, 'oversight'], purpose: null, kind: 'change' },
  assignReview: { roles: ['oversight', 'liaison'], purpose: null, kind: 'change' },
  decideReview: { roles: ['reviewer'], purpose: null, kind: 'change' },
  /** Of a reporter; by somebody who took no part. */
  decideAppeal: { roles: ['caseOfficer', 'reviewer'], purpose: null, kind: 'change' },
  /** Tasks and notes beside the case. */
  note: { roles: WORKERS, purpose: null, kind: 'change' },
  /** Who may see the case, and for what it may be used. */
  steer: { roles: [...EXCHANGE, 'oversight'], purpose: null, kind: 'change' },
} as const satisfies Readonly<Record<string, ActionRule>>

/** Actions on the authority as a whole. */
export const DESK_ACTIONS = {
  /** Lists, agreements, law packs and counts; what a list holds is decided case by case. */
  workspace: { roles: READERS, purpose: null, kind: 'read' },
  /** The list of cases: an admitted person finds there the cases to which it was admitted. */
  listCases: { roles: [...READERS, ...ADMITTED_ROLES], purpose: null, kind: 'read' },
  /** A person's own place: what may I do, and why not. */
  ownPlace: {
    roles: [...READERS, ...ADMITTED_ROLES, 'administrator'],
    purpose: null,
    kind: 'read',
  },
  intake: { roles: EXCHANGE, purpose: null, kind: 'read' },
  /** An outer layer of a contact is opened by officers who take no part in cases. */
  sealedReport: { roles: [...EXCHANGE, 'oversight'], purpose: null, kind: 'read' },
  openCase: { roles: ['caseOfficer'], purpose: null, kind: 'change' },
  signAgreement: { roles: ['liaison'], purpose: null, kind: 'change' },
  signOffLaw: { roles: [...EXCHANGE, 'reviewer'], purpose: null, kind: 'change' },
  /** What a person declares about itself: a conflict of interest, an absence, a delegation. */
  ownMatters: { roles: STAFF_ROLES, purpose: null, kind: 'change' },
  /** Enters and keeps the addresses of other authorities, vendors and CERTs. */
  keepContacts: { roles: EXCHANGE, purpose: null, kind: 'change' },
  /** Asks the holders of shares to bring a lost sealing key back. */
  recoverKey: { roles: [...EXCHANGE, 'oversight'], purpose: null, kind: 'change' },
  /** The second person for the keys that reports are sealed to: somebody who works on cases. */
  approveRoster: { roles: WORKERS, purpose: null, kind: 'change' },
  /** Watches over conflicts of interest. */
  oversee: { roles: ['oversight'], purpose: null, kind: 'change' },
  /** Answers for the authority what oversight recommends. */
  answerOversight: { roles: EXCHANGE, purpose: null, kind: 'change' },
  /** Plans who is there: absences, duty, terms of liaison. */
  control: { roles: ['administrator', 'oversight'], purpose: null, kind: 'change' },
  /** Runs the node: people, keys, peers, backups. Reads no case. */
  administer: { roles: ['administrator'], purpose: null, kind: 'change' },
} as const satisfies Readonly<Record<string, ActionRule>>

export type CaseActionGroup = keyof typeof CASE_ACTIONS
export type DeskActionGroup = keyof typeof DESK_ACTIONS
export type ActionGroup = CaseActionGroup | DeskActionGroup

export function ruleOf(group: ActionGroup): ActionRule {
  return { ...DESK_ACTIONS, ...CASE_ACTIONS }[group]
}

/** What ties a person to a case. */
export type Tie = 'role' | 'oversight' | 'assigned' | 'standsIn' | 'review' | 'admitted'

/** Which ties open a case of a classification. Who stands in for somebody sees no confidential case. */
export const TIES_THAT_OPEN: Readonly<Record<Classification, readonly Tie[]>> = {
  open: ['assigned', 'review', 'oversight', 'role', 'standsIn', 'admitted'],
  restricted: ['assigned', 'review', 'oversight', 'standsIn', 'admitted'],
  confidential: ['assigned', 'review', 'oversight', 'admitted'],
}

/** What may be shared by a link. */
export const GUEST_PARTS = [
  'summary',
  'hearing',
  'measures',
  'advisories',
  'embargo',
  'letters',
  'notices',
  'handOvers',
  'exhibits',
  'drafts',
] as const

/** What may be shared with an admitted person, part by part. */
export const SHARED_PARTS = [...GUEST_PARTS, 'wholeCase'] as const
export type SharedPart = (typeof SHARED_PARTS)[number]

/** Parts that make sense for some people only; the others may be shared with everybody admitted. */
export const ROLES_OF_PART: Readonly<Partial<Record<SharedPart, readonly AdmittedRole[]>>> = {
  embargo: ['vendor', 'guest', 'auditor'],
  letters: OUTSIDE_ROLES,
  notices: ['affectedPerson', 'guest'],
  handOvers: ['guest'],
  drafts: ['vendor', 'guest'],
  wholeCase: ['auditor'],
}

/** In which place somebody from outside may answer. */
export const ANSWERING_ROLES = [
  'respondent',
  'respondentCounsel',
  'vendor',
  'affectedPerson',
] as const
export type AnsweringRole = (typeof ANSWERING_ROLES)[number]

/** What an admitted person may do at all, with what must then be shared with it. */
export const ADMITTED_MAY: Readonly<Partial<Record<CaseActionGroup, readonly SharedPart[]>>> = {
  readShared: SHARED_PARTS,
  answerShared: GUEST_PARTS,
  read: ['wholeCase'],
  export: ['wholeCase'],
}
