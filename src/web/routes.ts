/**
 * Addresses of pages: one table that the server registers and that every link is
 * made from. An address starts with a language, except for the machine
 * interfaces that pages link to. No address carries personal data or a code.
 */
import type { Door } from '../app/ports/door.ts'
import { invariant } from '../base/errors.ts'

/** Patterns in the form that Fastify takes; `:lang` is filled by the link maker. */
export const ROUTES = {
  home: '/:lang',
  dashboard: '/:lang/dashboard',
  advisories: '/:lang/advisories',
  advisory: '/:lang/advisories/:advisoryId',
  safetyNotice: '/:lang/safety-notices/:noticeId',
  agreements: '/:lang/agreements',
  oversightPublic: '/:lang/oversight',
  law: '/:lang/law',
  lawPack: '/:lang/law/:pack',
  lawVersion: '/:lang/law/:pack/:version',
  log: '/:lang/log',
  verify: '/:lang/verify',
  openData: '/:lang/open-data',
  accessibility: '/:lang/accessibility',

  report: '/:lang/report',
  reportBasic: '/:lang/report/basic',
  reportSealed: '/:lang/report/sealed',
  reportTicket: '/:lang/report/sealed/ticket',
  reportDraft: '/:lang/report/sealed/draft',
  reportDraftOpen: '/:lang/report/sealed/draft/open',
  reportDraftDelete: '/:lang/report/sealed/draft/delete',
  reportMailbox: '/:lang/report/mailbox',
  reportMailboxOpen: '/:lang/report/mailbox/open',
  reportMailboxWrite: '/:lang/report/mailbox/write',
  reportMailboxDelete: '/:lang/report/mailbox/delete',
  reportReceipt: '/:lang/report/receipt',
  reportReceiptFile: '/:lang/report/receipt/:file',
  reportSignIn: '/:lang/report/status',
  reportStatus: '/:lang/report/status/open',

  noticeSignIn: '/:lang/notice',
  notice: '/:lang/notice/open',
  noticeChallenge: '/:lang/notice/challenge',
  noticeConsent: '/:lang/notice/consent',
  noticeMessage: '/:lang/notice/message',
  noticeData: '/:lang/notice/own-data',

  officerSignIn: '/:lang/officer/sign-in',
  officerSignInLink: '/:lang/officer/sign-in/:link',
  officerSignInPasskey: '/:lang/officer/passkey',
  officerProvider: '/:lang/officer/provider/:provider',
  officerProviderBack: '/:lang/officer/provider/:provider/back',
  officerEnrol: '/:lang/officer/enrol/:enrolmentId',
  officerEnrolPasskey: '/:lang/officer/enrolment/passkey',
  officerEnrolProvider: '/:lang/officer/enrolment/provider/:provider',
  officerEnrolment: '/:lang/officer/enrolment',
  officerStepUp: '/:lang/officer/step-up',
  officerStepUpDemonstration: '/:lang/officer/step-up/demonstration',
  officerStepUpPasskey: '/:lang/officer/step-up/passkey',
  officerStepUpProvider: '/:lang/officer/step-up/provider/:provider',
  officerAccount: '/:lang/officer/account',
  officerAddPasskey: '/:lang/officer/account/passkeys',
  officerRemovePasskey: '/:lang/officer/account/passkeys/:passkeyId/remove',
  officerBindProvider: '/:lang/officer/account/provider/:provider',
  officerMakeCalendarPassword: '/:lang/officer/account/calendar',
  officerRevokeCalendarPassword: '/:lang/officer/account/calendar/revoke',
  officerRevokeSession: '/:lang/officer/account/sessions/:sessionId/end',
  officerRevokeSessions: '/:lang/officer/account/sessions/end',
  officerSignInDesk: '/:lang/officer/sign-in-desk',
  officerSignInNotice: '/:lang/officer/sign-in-desk/notices/:noticeId',
  officerWithdrawInvitation: '/:lang/officer/sign-in-desk/invitations/:enrolmentId/withdraw',
  officerEndSessionsOf: '/:lang/officer/sign-in-desk/officers/:officerId/end-sessions',
  officerSignOut: '/:lang/officer/sign-out',
  officerCases: '/:lang/officer/cases',
  officerCase: '/:lang/officer/cases/:caseId',
  officerCaseLaw: '/:lang/officer/cases/:caseId/law',
  officerCaseGaps: '/:lang/officer/cases/:caseId/gaps',
  officerCaseBoard: '/:lang/officer/cases/:caseId/board',
  officerCaseRights: '/:lang/officer/cases/:caseId/rights',
  officerRecordsRequests: '/:lang/officer/cases/:caseId/records-requests',
  officerOwnAccess: '/:lang/officer/what-i-may-do',
  officerAccess: '/:lang/officer/cases/:caseId/access',
  officerApproveProposal: '/:lang/officer/cases/:caseId/proposals/:proposalId/approve',
  officerRejectProposal: '/:lang/officer/cases/:caseId/proposals/:proposalId/reject',
  officerWithdrawProposal: '/:lang/officer/cases/:caseId/proposals/:proposalId/withdraw',
  officerReleasePreview: '/:lang/officer/cases/:caseId/release-preview',
  officerRedact: '/:lang/officer/cases/:caseId/redact/:exhibitId',
  officerRedactPage: '/:lang/officer/cases/:caseId/redact/:exhibitId/pages/:page',
  officerWhy: '/:lang/officer/cases/:caseId/why/:decisionId',
  officerAct: '/:lang/officer/cases/:caseId/acts/:act',
  officerActPreview: '/:lang/officer/cases/:caseId/acts/:act/preview',
  officerShared: '/:lang/officer/shared',
  officerSharedCase: '/:lang/officer/shared/:caseId',
  officerSharedAnswer: '/:lang/officer/shared/:caseId/answer',
  officerSharedSay: '/:lang/officer/shared/:caseId/say/:word',
  officerSharedExhibit: '/:lang/officer/shared/:caseId/exhibits/:exhibitId',
  officerSharedExhibitPage: '/:lang/officer/shared/:caseId/exhibits/:exhibitId/pages/:page',
  officerSharedLetter: '/:lang/officer/shared/:caseId/letters/:letterId/:format',
  officerSharedReceipt: '/:lang/officer/shared/:caseId/answers/:statementId/receipt',
  officerAnswers: '/:lang/officer/cases/:caseId/answers',
  officerGuests: '/:lang/officer/cases/:caseId/guests',
  officerGuest: '/:lang/officer/guest/:linkId',
  officerGuestAnswer: '/:lang/officer/guest/:linkId/answer',
  officerGuestSay: '/:lang/officer/guest/:linkId/say/:word',
  officerGuestExhibit: '/:lang/officer/guest/:linkId/exhibits/:exhibitId',
  officerGuestExhibitPage: '/:lang/officer/guest/:linkId/exhibits/:exhibitId/pages/:page',
  officerGuestLetter: '/:lang/officer/guest/:linkId/letters/:letterId/:format',
  officerGuestReceipt: '/:lang/officer/guest/:linkId/answers/:statementId/receipt',
  officerGuestLeave: '/:lang/officer/guest/:linkId/leave',
  officerWork: '/:lang/officer/my-work',
  officerReleaseDuties: '/:lang/officer/release-duties',
  officerReleaseDutiesFile: '/:lang/officer/release-duties/list',
  officerClocks: '/:lang/officer/clocks',
  officerClocksFile: '/:lang/officer/clocks/list',
  officerClocksCalendar: '/:lang/officer/clocks/calendar',
  officerWorkFile: '/:lang/officer/my-work/list',
  officerSearch: '/:lang/officer/search',
  officerSearchFile: '/:lang/officer/search/list',
  officerImport: '/:lang/officer/import',
  officerImportRun: '/:lang/officer/import/:draftId',
  officerImportRecord: '/:lang/officer/import-record',
  officerImportRecordRun: '/:lang/officer/import-record/:draftId',
  officerNotices: '/:lang/officer/notices',
  officerNoticesCode: '/:lang/officer/notices/code',
  officerUndelivered: '/:lang/officer/undelivered',
  officerUndeliveredAgain: '/:lang/officer/undelivered/:kind/:itemId/again',
  officerUndeliveredDrop: '/:lang/officer/undelivered/:kind/:itemId/drop',
  officerNoticesOff: '/:lang/officer/notices/off',
  officerCaseWork: '/:lang/officer/cases/:caseId/tasks',
  officerLetter: '/:lang/officer/cases/:caseId/letters/:letterId/:format',
  officerHandOver: '/:lang/officer/cases/:caseId/hand-overs/:letterId',
  officerTasksFile: '/:lang/officer/cases/:caseId/tasks/list',
  officerAddTask: '/:lang/officer/cases/:caseId/tasks/add',
  officerFinishTask: '/:lang/officer/cases/:caseId/tasks/:taskId/done',
  officerAddNote: '/:lang/officer/cases/:caseId/tasks/notes',
  officerEventReceipt: '/:lang/officer/cases/:caseId/receipts/:version',
  officerExhibit: '/:lang/officer/cases/:caseId/exhibits/:exhibitId',
  officerExhibitFile: '/:lang/officer/cases/:caseId/files',
  officerExhibitPage: '/:lang/officer/cases/:caseId/exhibits/:exhibitId/about',
  officerExhibitLook: '/:lang/officer/cases/:caseId/exhibits/:exhibitId/pages/:page',
  officerExhibitInspect: '/:lang/officer/cases/:caseId/exhibits/:exhibitId/inspect',
  officerExhibitInspected: '/:lang/officer/cases/:caseId/exhibits/:exhibitId/inspected/:page',
  officerExhibitPreview: '/:lang/officer/cases/:caseId/exhibits/:exhibitId/preview',
  officerExhibitDownload: '/:lang/officer/cases/:caseId/exhibits/:exhibitId/download',
  officerRegisterFile: '/:lang/officer/cases/:caseId/register',
  officerPackage: '/:lang/officer/cases/:caseId/package',
  officerAgreements: '/:lang/officer/agreements',
  officerDraftAgreement: '/:lang/officer/agreements/draft',
  officerAgreement: '/:lang/officer/agreements/:agreementId',
  officerAgreementText: '/:lang/officer/agreements/:agreementId/text',
  officerAgreementAct: '/:lang/officer/agreements/:agreementId/acts/:act',
  officerSignAgreement: '/:lang/officer/agreements/:agreementId/sign',
  officerAttested: '/:lang/officer/agreements/:agreementId/attestations',
  officerAgreementFile: '/:lang/officer/agreements/:agreementId/document',
  officerStampAgreement: '/:lang/officer/agreements/:agreementId/time-stamps',
  officerAttachToAgreement: '/:lang/officer/agreements/:agreementId/signatures',
  officerAgreementSignature: '/:lang/officer/agreements/:agreementId/signatures/:signatureId',
  officerOrders: '/:lang/officer/cases/:caseId/orders',
  officerOrderFile: '/:lang/officer/cases/:caseId/orders/:measureId',
  officerOrderSignature: '/:lang/officer/cases/:caseId/signatures/:signatureId',
  officerLaw: '/:lang/officer/law',
  officerLawPack: '/:lang/officer/law/:pack/:version',
  officerSignOffPack: '/:lang/officer/law/:pack/:version/sign-off',
  officerSignOffCode: '/:lang/officer/law/:pack/:version/code',
  officerLawEffect: '/:lang/officer/law/:pack/:version/effect',
  officerIntake: '/:lang/officer/intake',
  officerOpenReport: '/:lang/officer/intake/:filingId',
  officerReply: '/:lang/officer/cases/:caseId/reporter',
  officerSealedReport: '/:lang/officer/intake/:filingId/report.age',
  officerSealedAttachments: '/:lang/officer/intake/:filingId/files',
  officerSealedAttachment: '/:lang/officer/intake/:filingId/files/:position',
  officerNotOpened: '/:lang/officer/intake/:filingId/not-opened',
  officerAdmit: '/:lang/officer/intake/:filingId/admit',
  officerSealingKey: '/:lang/officer/sealing/key',
  officerSealingKeyLost: '/:lang/officer/sealing/key/lost',
  officerSealingRoster: '/:lang/officer/sealing/roster',
  officerProposeRoster: '/:lang/officer/sealing/roster/propose',
  officerApproveRoster: '/:lang/officer/sealing/roster/approve',
  officerEndRoster: '/:lang/officer/sealing/roster/end',
  officerRecovery: '/:lang/officer/sealing/recovery',
  officerRecordEscrow: '/:lang/officer/sealing/recovery/sets',
  officerAskRecovery: '/:lang/officer/sealing/recovery/ask',
  officerGiveShare: '/:lang/officer/sealing/recovery/give',
  officerCancelRecovery: '/:lang/officer/sealing/recovery/cancel',
  officerCompleteRecovery: '/:lang/officer/sealing/recovery/complete',
  officerReseal: '/:lang/officer/sealing/again',
  officerResealTasks: '/:lang/officer/sealing/again/tasks',
  officerSealedPart: '/:lang/officer/sealing/again/:filingId/:part',
  officerPeople: '/:lang/officer/people',
  officerPerson: '/:lang/officer/people/:officer',
  officerMe: '/:lang/officer/me',
  officerDuty: '/:lang/officer/duty',
  officerEmergencyContact: '/:lang/officer/duty/emergency',
  officerPeopleAct: '/:lang/officer/people-acts/:act',
  officerContacts: '/:lang/officer/contacts',
  officerAddContact: '/:lang/officer/contacts/add',
  officerContact: '/:lang/officer/contacts/:contactId',
  officerChangeContact: '/:lang/officer/contacts/:contactId/change',
  officerVerifyContact: '/:lang/officer/contacts/:contactId/verify',
  officerRemoveContact: '/:lang/officer/contacts/:contactId/remove',
  oversight: '/:lang/officer/oversight',
  oversightRecord: '/:lang/officer/oversight/record',
  oversightDraw: '/:lang/officer/oversight/draws/:drawId',
  oversightAct: '/:lang/officer/oversight/acts/:act',
} as const

/** Addresses outside the languages: formats that machines read. */
const MACHINE_ROUTES = {
  assets: '/assets/:file',
  csafAdvisory: '/csaf/white/:year/:file',
  csafAdvisory21: '/csaf/clear/:year/:file',
  csafKey: '/.well-known/csaf/openpgp/:file',
  csafProvider: '/.well-known/csaf/provider-metadata.json',
  openDataFile: '/open-data/:file',
  lawFeed: '/law/feed.atom',
  advisoryFeed: '/advisories/feed.atom',
  safetyNoticeFeed: '/safety-notices/feed.atom',
  checkpoint: '/ledger/checkpoint',
  policy: '/ledger/policy.txt',
  nodeDocument: '/.well-known/comity/node.json',
  openApi: '/openapi.json',
  clockFeed: '/calendar/clocks.ics',
} as const

/** The machine addresses that are not at the public door; each door has the assets itself. */
const DOOR_OF_MACHINE: Partial<Record<keyof typeof MACHINE_ROUTES, Door>> = {
  nodeDocument: 'federation',
  openApi: 'officers',
  clockFeed: 'officers',
}

export type RouteName = keyof typeof ROUTES
export type MachineRouteName = keyof typeof MACHINE_ROUTES
export type RouteParams = Readonly<Record<string, string | number>>

/** The address of a page in a language. Every parameter is encoded; all must be given. */
export function linkTo(lang: string, name: RouteName, params: RouteParams = {}): string {
  return fill(ROUTES[name], { ...params, lang })
}

export function machineLink(name: MachineRouteName, params: RouteParams = {}): string {
  return fill(MACHINE_ROUTES[name], params)
}

export function doorOf(name: RouteName): Door {
  return ROUTES[name].startsWith('/:lang/officer/') ? 'officers' : 'public'
}

/** `undefined`: at every door. */
export function doorOfMachine(name: MachineRouteName): Door | undefined {
  return name === 'assets' ? undefined : (DOOR_OF_MACHINE[name] ?? 'public')
}

function fill(pattern: string, params: RouteParams): string {
  return pattern.replaceAll(/:([a-zA-Z]+)/g, (_, key: string) => {
    const value = params[key]
    invariant(value !== undefined && value !== '', `address ${pattern} needs ${key}`)
    return encodeURIComponent(value)
  })
}
