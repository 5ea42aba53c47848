/**
 * A slow and obviously right model of who may do what: plain facts and small loops.
 * Written from the rules in words, without a look at the tables of `core/access`.
 */
export type Person = { id: string; roles: string[]; isGone: boolean; provedAt: number | null }
export type Loan = {
  from: string
  to: string
  roles: string[]
  acts: string[] | null
  start: number
  end: number
}
export type Guest = { as: string; sees: string[]; order: string; until: number }
export type Proposed = {
  id: string
  act: string
  content: string
  by: string
  inPlaceOf: string | null
  at: number
  until: number
  state: 'waiting' | 'answered'
  effect: () => boolean
}
export type PlainCase = {
  id: string
  level: 'open' | 'restricted' | 'confidential'
  team: string[]
  guests: Map<string, Guest>
  purposes: string[] | null
  orders: string[]
  operator: string
  reviewers: string[]
  proposals: Proposed[]
}
export type World = {
  now: number
  wire: number
  people: Person[]
  conflicts: { who: string; what: string }[]
  away: { who: string; start: number; end: number }[]
  loans: Loan[]
  cases: PlainCase[]
}

const INSIDE = ['caseOfficer', 'reviewer', 'liaison', 'oversight', 'counsel', 'administrator']
const READERS = 'caseOfficer reviewer liaison oversight counsel'
const FROM_OUTSIDE = 'auditor respondent respondentCounsel affectedPerson vendor guest'

/** What somebody may do by which role, and whether that only looks. */
const DEEDS: Record<string, { by: string; looks?: true; for?: string; proof?: true }> = {
  read: { by: `${READERS} ${FROM_OUTSIDE}`, looks: true },
  readShared: { by: `${READERS} ${FROM_OUTSIDE}`, looks: true },
  export: { by: 'caseOfficer liaison oversight auditor' },
  handle: { by: 'caseOfficer' },
  disclose: { by: 'caseOfficer', for: 'disclosure' },
  enforce: { by: 'caseOfficer', for: 'enforcement', proof: true },
  assist: { by: 'caseOfficer', for: 'assistance' },
  exchange: { by: 'caseOfficer liaison', proof: true },
  askAssistance: { by: 'caseOfficer liaison', for: 'assistance' },
  openExhibit: { by: 'caseOfficer reviewer', proof: true },
  openContact: { by: 'caseOfficer liaison oversight', proof: true },
  assignReview: { by: 'oversight liaison' },
  decideReview: { by: 'reviewer' },
  note: { by: 'caseOfficer reviewer liaison oversight' },
  validateEmergency: { by: 'caseOfficer liaison reviewer' },
  keepRecords: { by: 'caseOfficer liaison oversight' },
  steer: { by: 'caseOfficer liaison oversight' },
  intake: { by: 'caseOfficer liaison', looks: true },
  workspace: { by: READERS, looks: true },
  openCase: { by: 'caseOfficer' },
  signAgreement: { by: 'liaison', proof: true },
  signOffLaw: { by: 'caseOfficer liaison reviewer', proof: true },
  administer: { by: 'administrator' },
}
export const ON_CASES = Object.keys(DEEDS).slice(0, 15)
export const ON_DESK = Object.keys(DEEDS).slice(15)
export const wantsProof = (deed: string) => DEEDS[deed]?.proof === true

export const personIn = (world: World, id: string): Person | undefined => {
  for (const one of world.people) if (one.id === id) return one
  return undefined
}

export function isConflicted(world: World, who: string, about: PlainCase): boolean {
  for (const one of world.conflicts) {
    if (one.who === who && (one.what === about.id || one.what === about.operator)) return true
  }
  return false
}

export function isAway(world: World, who: string, at = world.now): boolean {
  for (const one of world.away) {
    if (one.who === who && one.start <= at && at < one.end) return true
  }
  return false
}

/** Whose place the person may take for this deed, and with which roles. */
function lenders(world: World, who: string, deed: string, about: PlainCase | null) {
  const found: { from: string; roles: string[] }[] = []
  if (personIn(world, who)?.isGone) return found
  for (const loan of world.loans) {
    if (loan.to !== who || world.now < loan.start || world.now >= loan.end) continue
    const lender = personIn(world, loan.from)
    if (!lender || lender.isGone) continue
    const roles = loan.roles.filter((role) => lender.roles.includes(role))
    if (roles.length === 0) continue
    if (about && isConflicted(world, loan.from, about)) continue
    if (!DEEDS[deed]?.looks && loan.acts !== null && !loan.acts.includes(deed)) continue
    found.push({ from: loan.from, roles })
  }
  return found
}

/** True, or the one in whose place it would be done; false: no. */
export function may(
  world: World,
  who: string,
  deed: string,
  about: PlainCase | null,
  needsProof = wantsProof(deed),
  /** When the deed was asked for; being away counts then. */
  askedAt = world.now,
): { inPlaceOf: string | null } | false {
  const person = personIn(world, who)
  const rule = DEEDS[deed]
  if (!person || !rule || person.isGone) return false
  const wanted = rule.by.split(' ')
  const helped = lenders(world, who, deed, about)
  let inPlaceOf: string | null = null
  if (!person.roles.some((role) => wanted.includes(role))) {
    const lender = helped.find(({ roles }) => roles.some((role) => wanted.includes(role)))
    if (!lender) return false
    inPlaceOf = lender.from
  }
  if (needsProof) {
    const { provedAt } = person
    if (provedAt === null || provedAt > world.wire || world.wire - provedAt > 600_000) return false
  }
  if (about === null) return { inPlaceOf }

  let isLetIn = about.team.includes(who) || person.roles.includes('oversight')
  if (person.roles.includes('reviewer') && about.reviewers.includes(who)) isLetIn = true
  if (about.level === 'open') {
    if (person.roles.some((role) => INSIDE.includes(role)) || helped.length > 0) isLetIn = true
  }
  if (about.level !== 'confidential') {
    // A loan opens a case only for what it lends, and then the person acts in that place.
    for (const { from, roles } of helped) {
      if (isLetIn || !about.team.includes(from)) continue
      if (!roles.some((role) => wanted.includes(role))) continue
      isLetIn = true
      inPlaceOf = from
    }
  }
  const guest = about.guests.get(who)
  const isGuest = guest && person.roles.includes(guest.as) && world.now < guest.until
  if (!isLetIn) {
    if (!isGuest) return false
    const isWhole = guest.sees.includes('wholeCase')
    const isAllowed = deed === 'readShared' || (isWhole && (deed === 'read' || deed === 'export'))
    if (!isAllowed) return false
  }
  if (isConflicted(world, who, about) && (!rule.looks || about.level !== 'open')) return false
  if (!rule.looks && isAway(world, who, askedAt)) return false
  if (rule.for && about.purposes && !about.purposes.includes(rule.for)) return false
  const order = isGuest ? guest.order : 'EU'
  if (about.orders.length > 0 && !about.orders.includes(order)) return false
  return { inPlaceOf }
}

/** Whoever proposed could still do it today, was there that day, and is not the one who approves. */
export function stillStands(
  world: World,
  proposal: Proposed,
  about: PlainCase,
  approver: { by: string; inPlaceOf: string | null },
): boolean {
  const today = may(world, proposal.by, 'steer', about, false, proposal.at)
  if (today === false) return false
  return !isOneSide({ by: proposal.by, inPlaceOf: today.inPlaceOf }, approver)
}

/** Two sides of a four-eyes on which one person stands, in person or by a loan. */
export function isOneSide(
  a: { by: string; inPlaceOf: string | null },
  b: { by: string; inPlaceOf: string | null },
): boolean {
  for (const x of [a.by, a.inPlaceOf]) {
    for (const y of [b.by, b.inPlaceOf]) if (x !== null && x === y) return true
  }
  return false
}
