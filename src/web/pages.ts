/** Every page with the type of its model, and the area it belongs to. */
import { isAdmittedOnly } from '../app/shared-cases.ts'
import type { Role } from '../core/case/recorded.ts'
import type { ProblemModel } from './error/problem/model.ts'
import type { Scope } from './messages.ts'
import type { AccessModel } from './officer/access/model.ts'
import type { AccountModel } from './officer/account/model.ts'
import type { ActModel } from './officer/act/model.ts'
import type { ActPreviewModel } from './officer/act-preview/model.ts'
import type { AgreementModel } from './officer/agreement/model.ts'
import type { AgreementActModel } from './officer/agreement-act/model.ts'
import type { AgreementTextModel } from './officer/agreement-text/model.ts'
import type { OfficerAgreementsModel } from './officer/agreements/model.ts'
import type { AnswersModel } from './officer/answers/model.ts'
import type { AttestedModel } from './officer/attested/model.ts'
import type { CaseModel } from './officer/case/model.ts'
import type { CaseBoardModel } from './officer/case-board/model.ts'
import type { CaseGapsModel } from './officer/case-gaps/model.ts'
import type { CaseJointModel } from './officer/case-joint/model.ts'
import type { CaseLawModel } from './officer/case-law/model.ts'
import type { CaseRightsModel } from './officer/case-rights/model.ts'
import type { CaseWorkModel } from './officer/case-tasks/model.ts'
import type { CasesModel } from './officer/cases/model.ts'
import type { ClocksModel } from './officer/clocks/model.ts'
import type { ContactModel } from './officer/contact/model.ts'
import type { ContactFormModel } from './officer/contact-form/model.ts'
import type { ContactsModel } from './officer/contacts/model.ts'
import type { DoneModel } from './officer/done/model.ts'
import type { DutyModel } from './officer/duty/model.ts'
import type { EnrolModel } from './officer/enrol/model.ts'
import type { EnrolmentModel } from './officer/enrolment/model.ts'
import type { ErasuresModel } from './officer/erasures/model.ts'
import type { ExhibitModel } from './officer/exhibit/model.ts'
import type { ExhibitFileModel } from './officer/exhibit-file/model.ts'
import type { GoModel } from './officer/go/model.ts'
import type { GuestModel } from './officer/guest/model.ts'
import type { GuestsModel } from './officer/guests/model.ts'
import type { ImportModel } from './officer/import/model.ts'
import type { ImportRecordModel } from './officer/import-record/model.ts'
import type { IntakeModel } from './officer/intake/model.ts'
import type { OfficerLawModel } from './officer/law/model.ts'
import type { LawEffectModel } from './officer/law-effect/model.ts'
import type { OfficerLawPackModel } from './officer/law-pack/model.ts'
import type { MyStandingModel } from './officer/my-standing/model.ts'
import type { WorkModel } from './officer/my-work/model.ts'
import type { NoticesModel } from './officer/notices/model.ts'
import type { OpenReportModel } from './officer/open-report/model.ts'
import type { OwnAccessModel } from './officer/own-access/model.ts'
import type { PackageModel } from './officer/package/model.ts'
import type { PeerLogsModel } from './officer/peer-logs/model.ts'
import type { PeopleModel } from './officer/people/model.ts'
import type { PeopleActModel } from './officer/people-act/model.ts'
import type { PersonModel } from './officer/person/model.ts'
import type { RecordsOutModel } from './officer/records-out/model.ts'
import type { RecordsRequestsModel } from './officer/records-requests/model.ts'
import type { RecoveryModel } from './officer/recovery/model.ts'
import type { RedactModel } from './officer/redact/model.ts'
import type { ReleaseDutiesModel } from './officer/release-duties/model.ts'
import type { ReleasePreviewModel } from './officer/release-preview/model.ts'
import type { ReleaseTogetherModel } from './officer/release-together/model.ts'
import type { ReplyModel } from './officer/reply/model.ts'
import type { ResealModel } from './officer/reseal/model.ts'
import type { OfficerSafeHarbourModel } from './officer/safe-harbour/model.ts'
import type { SealedContactModel } from './officer/sealed-contact/model.ts'
import type { SealingKeyModel } from './officer/sealing-key/model.ts'
import type { SealingRosterModel } from './officer/sealing-roster/model.ts'
import type { SearchModel } from './officer/search/model.ts'
import type { SharedModel } from './officer/shared/model.ts'
import type { SharedCaseModel } from './officer/shared-case/model.ts'
import type { SharedExhibitModel } from './officer/shared-exhibit/model.ts'
import type { OfficerSignInModel } from './officer/sign-in/model.ts'
import type { SignInDeskModel } from './officer/sign-in-desk/model.ts'
import type { StepUpModel } from './officer/step-up/model.ts'
import type { UndeliveredModel } from './officer/undelivered/model.ts'
import type { WhyModel } from './officer/why/model.ts'
import type { OversightModel } from './oversight/decisions/model.ts'
import type { OversightDrawModel } from './oversight/draw/model.ts'
import type { OversightRecordModel } from './oversight/record/model.ts'
import type { AccessibilityModel } from './public/accessibility/model.ts'
import type { AdvisoriesModel } from './public/advisories/model.ts'
import type { AdvisoryModel } from './public/advisory/model.ts'
import type { AgreementsModel } from './public/agreements/model.ts'
import type { CertificateModel } from './public/certificate/model.ts'
import type { DashboardModel } from './public/dashboard/model.ts'
import type { HomeModel } from './public/home/model.ts'
import type { LawModel } from './public/law/model.ts'
import type { LawPackModel } from './public/law-pack/model.ts'
import type { LogModel } from './public/log/model.ts'
import type { OpenDataModel } from './public/open-data/model.ts'
import type { PublicOversightModel } from './public/oversight/model.ts'
import type { SafeHarbourModel } from './public/safe-harbour/model.ts'
import type { SafetyNoticeModel } from './public/safety-notice/model.ts'
import type { SecurityModel } from './public/security/model.ts'
import type { ThanksModel } from './public/thanks/model.ts'
import type { VerifyModel } from './public/verify/model.ts'
import type { BasicReportModel } from './reporter/basic/model.ts'
import type { ChallengedModel } from './reporter/challenged/model.ts'
import type { ChooseModel } from './reporter/choose/model.ts'
import type { MailboxModel } from './reporter/mailbox/model.ts'
import type { NoticeModel } from './reporter/notice/model.ts'
import type { NoticeSignInModel } from './reporter/notice-sign-in/model.ts'
import type { ReceiptModel } from './reporter/receipt/model.ts'
import type { ReviewModel } from './reporter/review/model.ts'
import type { SealedReportModel } from './reporter/sealed/model.ts'
import type { SignInModel } from './reporter/sign-in/model.ts'
import type { StartModel } from './reporter/start/model.ts'
import type { StatusModel } from './reporter/status/model.ts'

export type PageModels = {
  'public/home': HomeModel
  'public/dashboard': DashboardModel
  'public/advisories': AdvisoriesModel
  'public/advisory': AdvisoryModel
  'public/safety-notice': SafetyNoticeModel
  'public/thanks': ThanksModel
  'public/certificate': CertificateModel
  'public/agreements': AgreementsModel
  'public/law': LawModel
  'public/law-pack': LawPackModel
  'public/log': LogModel
  'public/safe-harbour': SafeHarbourModel
  'officer/safe-harbour': OfficerSafeHarbourModel
  'officer/safe-harbour-act': PeopleActModel
  'public/verify': VerifyModel
  'public/open-data': OpenDataModel
  'public/accessibility': AccessibilityModel
  'public/security': SecurityModel
  'reporter/start': StartModel
  'reporter/choose': ChooseModel
  'reporter/basic': BasicReportModel
  'reporter/review': ReviewModel
  'reporter/sealed': SealedReportModel
  'reporter/mailbox': MailboxModel
  'reporter/receipt': ReceiptModel
  'reporter/sign-in': SignInModel
  'reporter/status': StatusModel
  'reporter/notice-sign-in': NoticeSignInModel
  'reporter/notice': NoticeModel
  'reporter/challenged': ChallengedModel
  'officer/sign-in': OfficerSignInModel
  'officer/exhibit': ExhibitModel
  'officer/exhibit-file': ExhibitFileModel
  'officer/go': GoModel
  'officer/enrol': EnrolModel
  'officer/enrolment': EnrolmentModel
  'officer/step-up': StepUpModel
  'officer/account': AccountModel
  'officer/sign-in-desk': SignInDeskModel
  'officer/clocks': ClocksModel
  'officer/release-duties': ReleaseDutiesModel
  'officer/my-work': WorkModel
  'officer/case-tasks': CaseWorkModel
  'officer/notices': NoticesModel
  'officer/erasures': ErasuresModel
  'officer/peer-logs': PeerLogsModel
  'officer/undelivered': UndeliveredModel
  'officer/search': SearchModel
  'officer/import': ImportModel
  'officer/import-record': ImportRecordModel
  'officer/attested': AttestedModel
  'officer/cases': CasesModel
  'officer/intake': IntakeModel
  'officer/open-report': OpenReportModel
  'officer/reply': ReplyModel
  'officer/case': CaseModel
  'officer/case-law': CaseLawModel
  'officer/case-gaps': CaseGapsModel
  'officer/case-board': CaseBoardModel
  'officer/records-out': RecordsOutModel
  'officer/case-joint': CaseJointModel
  'officer/case-rights': CaseRightsModel
  'officer/records-requests': RecordsRequestsModel
  'officer/release-preview': ReleasePreviewModel
  'officer/release-together': ReleaseTogetherModel
  'officer/redact': RedactModel
  'officer/why': WhyModel
  'officer/access': AccessModel
  'officer/own-access': OwnAccessModel
  'officer/shared': SharedModel
  'officer/shared-exhibit': SharedExhibitModel
  'officer/shared-case': SharedCaseModel
  'officer/answers': AnswersModel
  'officer/guest': GuestModel
  'officer/guests': GuestsModel
  'officer/sealed-contact': SealedContactModel
  'officer/act': ActModel
  'officer/act-preview': ActPreviewModel
  'officer/done': DoneModel
  'officer/package': PackageModel
  'officer/agreements': OfficerAgreementsModel
  'officer/agreement': AgreementModel
  'officer/agreement-act': AgreementActModel
  'officer/agreement-text': AgreementTextModel
  'officer/law': OfficerLawModel
  'officer/law-pack': OfficerLawPackModel
  'officer/law-effect': LawEffectModel
  'officer/sealing-key': SealingKeyModel
  'officer/sealing-roster': SealingRosterModel
  'officer/recovery': RecoveryModel
  'officer/reseal': ResealModel
  'officer/people': PeopleModel
  'officer/person': PersonModel
  'officer/my-standing': MyStandingModel
  'officer/duty': DutyModel
  'officer/people-act': PeopleActModel
  'officer/contacts': ContactsModel
  'officer/contact': ContactModel
  'officer/contact-form': ContactFormModel
  'oversight/decisions': OversightModel
  'oversight/record': OversightRecordModel
  'oversight/draw': OversightDrawModel
  'oversight/act': PeopleActModel
  'public/oversight': PublicOversightModel
  'error/problem': ProblemModel
}

export type PageName = keyof PageModels
/** Decides navigation, style sheets and response headers. */
export type Area = 'public' | 'reporter' | 'officer' | 'oversight' | 'error'

export function areaOf(page: PageName): Area {
  return page.slice(0, page.indexOf('/')) as Area
}

/** Pages at the officers' door for people from outside: guests, operators, courts' readers. */
const OUTSIDE_PAGES: readonly PageName[] = [
  'officer/guest',
  'officer/shared',
  'officer/shared-case',
  'officer/shared-exhibit',
]

/** Whose words a page is written with. Officers have their own navigation on every page. */
export function scopeOf(page: PageName, signedIn?: { readonly roles: readonly Role[] }): Scope {
  const isForAll = ['public', 'reporter', 'error'].includes(areaOf(page))
  return !isOfficer(signedIn) && (isForAll || OUTSIDE_PAGES.includes(page)) ? 'public' : 'officers'
}

/** Whoever has an account for more than what they were admitted to. */
export function isOfficer(signedIn?: { readonly roles: readonly Role[] }): boolean {
  return signedIn !== undefined && !isAdmittedOnly(signedIn.roles)
}
