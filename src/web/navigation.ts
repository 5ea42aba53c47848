/** The main navigation of each area, and which of its places a page belongs to. */
import { isAdmittedOnly } from '../app/shared-cases.ts'
import type { Role } from '../core/case/recorded.ts'
import type { Area, PageName } from './pages.ts'
import type { RouteName } from './routes.ts'

export type NavigationItem = {
  readonly route: RouteName
  readonly isCurrent: boolean
  /** The page itself, not only its section. */
  readonly isPage: boolean
}

const PUBLIC: readonly RouteName[] = [
  'home',
  'report',
  'advisories',
  'dashboard',
  'agreements',
  'law',
  'log',
]
const WORKSPACE: readonly RouteName[] = [
  'officerWork',
  'officerClocks',
  'officerReleaseDuties',
  'officerCases',
  'officerIntake',
  'officerAgreements',
  'officerLaw',
  'officerSealingKey',
  'officerContacts',
  'officerPeople',
  'officerMe',
  'oversight',
]
/** Of people who see only what was shared with them. */
const SHARED: readonly RouteName[] = ['officerShared', 'officerCases']

const PLACE_OF: Partial<Record<PageName, RouteName>> = {
  'public/home': 'home',
  'public/advisories': 'advisories',
  'public/advisory': 'advisories',
  'public/safety-notice': 'advisories',
  'public/thanks': 'advisories',
  'public/certificate': 'advisories',
  'public/dashboard': 'dashboard',
  'public/open-data': 'dashboard',
  'public/agreements': 'agreements',
  'public/law': 'law',
  'public/law-pack': 'law',
  'public/log': 'log',
  'public/verify': 'log',
  'officer/my-work': 'officerWork',
  'officer/clocks': 'officerClocks',
  'officer/release-duties': 'officerReleaseDuties',
  'officer/case-tasks': 'officerCases',
  'officer/notices': 'officerWork',
  'officer/search': 'officerCases',
  'officer/import': 'officerCases',
  'officer/release-together': 'officerCases',
  'officer/import-record': 'officerCases',
  'officer/attested': 'officerAgreements',
  'officer/cases': 'officerCases',
  'officer/case': 'officerCases',
  'officer/case-law': 'officerCases',
  'officer/case-gaps': 'officerCases',
  'officer/case-board': 'officerCases',
  'officer/case-joint': 'officerCases',
  'officer/case-rights': 'officerCases',
  'officer/records-requests': 'officerCases',
  'officer/release-preview': 'officerCases',
  'officer/redact': 'officerCases',
  'officer/why': 'officerCases',
  'officer/access': 'officerCases',
  'officer/own-access': 'officerCases',
  'officer/shared': 'officerShared',
  'officer/shared-case': 'officerShared',
  'officer/guests': 'officerCases',
  'officer/sealed-contact': 'officerCases',
  'officer/act': 'officerCases',
  'officer/done': 'officerCases',
  'officer/package': 'officerCases',
  'officer/agreements': 'officerAgreements',
  'officer/agreement': 'officerAgreements',
  'officer/agreement-act': 'officerAgreements',
  'officer/agreement-text': 'officerAgreements',
  'officer/law': 'officerLaw',
  'officer/law-pack': 'officerLaw',
  'officer/law-effect': 'officerLaw',
  'officer/safe-harbour': 'officerLaw',
  'officer/safe-harbour-act': 'officerLaw',
  'officer/intake': 'officerIntake',
  'officer/open-report': 'officerIntake',
  'officer/sealing-key': 'officerSealingKey',
  'officer/sealing-roster': 'officerSealingKey',
  'officer/recovery': 'officerSealingKey',
  'officer/reseal': 'officerSealingKey',
  'officer/people': 'officerPeople',
  'officer/person': 'officerPeople',
  'officer/duty': 'officerPeople',
  'officer/my-standing': 'officerMe',
  'officer/people-act': 'officerMe',
  'officer/contacts': 'officerContacts',
  'officer/contact': 'officerContacts',
  'officer/contact-form': 'officerContacts',
  'oversight/decisions': 'oversight',
  'oversight/record': 'oversight',
  'oversight/draw': 'oversight',
  'oversight/act': 'oversight',
  'public/oversight': 'dashboard',
  'public/safe-harbour': 'law',
}
const SECTION_ONLY: readonly PageName[] = [
  'oversight/record',
  'oversight/draw',
  'oversight/act',
  'public/oversight',
  'public/safe-harbour',
  'officer/safe-harbour',
  'officer/safe-harbour-act',
  'public/advisory',
  'public/safety-notice',
  'public/thanks',
  'public/certificate',
  'public/open-data',
  'public/verify',
  'officer/case',
  'officer/case-joint',
  'officer/records-requests',
  'officer/case-tasks',
  'officer/notices',
  'officer/search',
  'officer/import',
  'officer/release-together',
  'officer/import-record',
  'officer/attested',
  'officer/why',
  'officer/access',
  'officer/own-access',
  'officer/shared-case',
  'officer/guests',
  'officer/sealed-contact',
  'officer/act',
  'officer/done',
  'officer/package',
  'officer/open-report',
  'officer/sealing-roster',
  'officer/recovery',
  'officer/reseal',
  'officer/person',
  'officer/duty',
  'officer/people-act',
  'officer/contact',
  'officer/contact-form',
]

/** Reporters get none: their pages lead one way, and the exit button stands there. */
export function navigationOf(
  page: PageName,
  area: Area,
  roles: readonly Role[] | undefined,
): NavigationItem[] {
  if (area === 'reporter') return []
  const isWorkspace = area === 'officer' || area === 'oversight' || roles !== undefined
  if (isWorkspace && !roles) return []
  const place = PLACE_OF[page]
  return (roles ? placesOf(roles) : PUBLIC).map((route) => ({
    route,
    isCurrent: route === place,
    isPage: !SECTION_ONLY.includes(page),
  }))
}

function placesOf(roles: readonly Role[]): readonly RouteName[] {
  if (!isAdmittedOnly(roles)) return WORKSPACE
  return roles.includes('auditor') ? SHARED : SHARED.slice(0, 1)
}
