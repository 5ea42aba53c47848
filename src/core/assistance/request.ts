/**
 * A request for assistance as data, and what is missing in one before it may
 * leave. Completeness is checked, not whether the requested authority will agree.
 *
 * The fields follow what European instruments ask of a request; each names its
 * source. No instrument for criminal proceedings is offered as a basis here.
 */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { AgreementRef } from '../agreement/agreement.ts'

export const REQUEST_TYPES = [
  'info',
  'preserve',
  'produce',
  'enforce',
  'interim',
  'freeze',
  'notify',
  'joint',
] as const
export type RequestType = (typeof REQUEST_TYPES)[number]

export type AssistanceRequest = {
  readonly requestId: string
  readonly type: RequestType
  /** Node ids. */
  readonly requestingAuthority: string
  readonly requestedAuthority: string
  /** Who issued it, and by which power. */
  readonly officer: string
  readonly power: string
  readonly agreement: AgreementRef
  readonly purpose: string
  readonly legalBasis: readonly string[]
  readonly subject: {
    readonly classification: string
    readonly provision: string
    readonly facts: string
  }
  readonly dualLegality: {
    readonly asserted: boolean
    readonly equivalentProvision: string | null
  }
  readonly necessity: string
  readonly proportionality: string
  /** What the requesting authority has tried itself. */
  readonly ownEnquiries: string
  /** Id of the recorded rights test at the requesting authority. */
  readonly rightsTest: string
  readonly dataCategories: readonly string[]
  /** What is asked for exactly, e.g. `{ kind: 'exhibit', value: '<id>' }`. */
  readonly identifiers: readonly { readonly kind: string; readonly value: string }[]
  readonly urgency: {
    readonly level: 'standard' | 'urgent' | 'emergency'
    readonly reason: string | null
  }
  readonly answerBy: Instant
  readonly affectedPerson: {
    readonly inform: 'now' | 'delayed' | 'restricted' | 'omitted'
    readonly ground: string | null
    readonly reviewAt: Instant | null
  }
  readonly conditionsOfUse: readonly string[]
  /** BCP 47 tag of the request's text. */
  readonly language: string
}

type Check = {
  readonly field: string
  readonly text: string
  readonly source?: string
  readonly isMissing: (request: AssistanceRequest, now: Instant) => boolean
}

const CHECKS: readonly Check[] = [
  {
    field: 'type',
    text: 'the type of assistance is not known',
    isMissing: ({ type }) => !REQUEST_TYPES.includes(type),
  },
  {
    field: 'requestedAuthority',
    text: 'a request goes to another authority',
    isMissing: (r) => r.requestedAuthority === r.requestingAuthority,
  },
  {
    field: 'power',
    text: 'the power under which the request is issued is missing',
    source: 'in the manner of Regulation (EU) 2023/1543, art. 5(5)(a)',
    isMissing: ({ power }) => isBlank(power),
  },
  {
    field: 'purpose',
    text: 'purpose and reasons are missing',
    source: 'Regulation (EU) 2016/679, art. 61(3)',
    isMissing: ({ purpose }) => isBlank(purpose),
  },
  {
    field: 'legalBasis',
    text: 'the legal basis is missing',
    source: 'Regulation (EU) 2016/679, art. 61(3)',
    isMissing: ({ legalBasis }) => legalBasis.length === 0 || legalBasis.some(isBlank),
  },
  {
    field: 'subject',
    text: 'classification, provision or facts are missing',
    source: 'in the manner of Regulation (EU) 2023/1543, art. 5(5)(f) and (j)',
    isMissing: ({ subject }) => Object.values(subject).some(isBlank),
  },
  {
    field: 'dualLegality',
    text: 'the equivalent provision is missing',
    isMissing: ({ dualLegality }) =>
      dualLegality.asserted && isBlank(dualLegality.equivalentProvision ?? ''),
  },
  {
    field: 'necessity',
    text: 'why it is necessary is missing',
    source: 'in the manner of Regulation (EU) 2023/1543, art. 5(5)(i)',
    isMissing: ({ necessity }) => isBlank(necessity),
  },
  {
    field: 'proportionality',
    text: 'why it is proportionate is missing',
    source: 'in the manner of Regulation (EU) 2023/1543, art. 5(5)(i)',
    isMissing: ({ proportionality }) => isBlank(proportionality),
  },
  {
    field: 'ownEnquiries',
    text: 'what was tried at home is missing',
    source: 'Regulation (EU) 2019/1020, art. 24(1)',
    isMissing: ({ ownEnquiries }) => isBlank(ownEnquiries),
  },
  {
    field: 'dataCategories',
    text: 'the categories of data are missing',
    source: 'in the manner of Regulation (EU) 2023/1543, art. 5(5)(c)-(e)',
    isMissing: ({ type, dataCategories }) =>
      ['info', 'produce', 'preserve'].includes(type) && dataCategories.length === 0,
  },
  {
    field: 'identifiers',
    text: 'what exactly is asked for is missing',
    source: 'in the manner of Regulation (EU) 2023/1543, art. 5(5)(c)-(e)',
    isMissing: ({ type, identifiers }) =>
      ['produce', 'preserve'].includes(type) && identifiers.length === 0,
  },
  {
    field: 'urgency',
    text: 'urgency needs a reason',
    isMissing: ({ urgency }) => urgency.level !== 'standard' && isBlank(urgency.reason ?? ''),
  },
  {
    field: 'answerBy',
    text: 'the date for the answer is missing or has passed',
    isMissing: ({ answerBy }, now) => answerBy <= now,
  },
  {
    field: 'affectedPerson',
    text: 'not telling the person needs a ground and a review date',
    source: 'in the manner of Regulation (EU) 2023/1543, art. 13(1)-(3)',
    isMissing: ({ affectedPerson: { inform, ground, reviewAt } }, now) =>
      inform !== 'now' && (isBlank(ground ?? '') || reviewAt === null || reviewAt <= now),
  },
]

/** What is missing, one entry a field. Empty: the request may leave. */
export function lintRequest(request: AssistanceRequest, now: Instant): readonly Because[] {
  return CHECKS.filter(({ isMissing }) => isMissing(request, now)).map(
    ({ field, text, source }) => ({
      rule: `request:${field}`,
      text,
      ...(source === undefined ? {} : { source }),
    }),
  )
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}
