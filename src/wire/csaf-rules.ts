/**
 * Which form of CSAF document an advisory fits, by the profiles of the standard
 * (section 4 of CSAF 2.0 and 2.1; the vulnerability report by the committee's draft of
 * 2026). A form that it does not fit is refused and names the profile's rule.
 */
import { type Because, type Decision, permit, refuse } from '../base/decision.ts'
import type { CsafAdvisory, CsafShape } from './csaf-advisory.ts'

type Rule = {
  readonly rule: string
  readonly text: string
  readonly holds: (advisory: CsafAdvisory, shape: CsafShape) => boolean
}

const isPublicForm: Rule = {
  rule: 'csaf:notForOne',
  text: 'what is published is for everybody and has no sharing group',
  holds: ({ sharing }) => sharing === null,
}
const isWhole: Rule = {
  rule: 'csaf:stillHolds',
  text: 'what was withdrawn is written as withdrawn and in no other form',
  holds: ({ withdrawn }) => withdrawn === null,
}
const hasProduct: Rule = {
  rule: 'csaf:productTree',
  text: 'the document names at least one product, each once',
  holds: ({ products }) => {
    const names = products.map(({ vendor, name, versionRange }) => [vendor, name, versionRange])
    return (
      names.length > 0 && new Set(names.map((one) => JSON.stringify(one))).size === names.length
    )
  },
}
const namesAffected: Rule = {
  rule: 'csaf:knownAffected',
  text: 'the document names a product that is known to be affected',
  holds: ({ products }) => products.some(({ standing }) => standing === 'known_affected'),
}
const hasIdentifier: Rule = {
  rule: 'csaf:identifier',
  text: 'the vulnerability has a CVE id or another identifier',
  holds: ({ cve, ids }) => cve !== null || ids.length > 0,
}

const RULES: Readonly<Record<CsafShape['form'], readonly Rule[]>> = {
  securityAdvisory: [
    isWhole,
    isPublicForm,
    hasProduct,
    {
      ...namesAffected,
      rule: 'csaf:2.1:profile4',
      // Profile 4 of 2.0 takes any standing.
      holds: (advisory, shape) => shape.version === '2.0' || namesAffected.holds(advisory, shape),
    },
  ],
  deprecatedSecurityAdvisory: [
    {
      rule: 'csaf:2.1:profile6',
      text: 'the deprecated form is one of CSAF 2.1',
      holds: (_, { version }) => version === '2.1',
    },
    isWhole,
    isPublicForm,
    hasProduct,
  ],
  vex: [
    isWhole,
    isPublicForm,
    hasProduct,
    hasIdentifier,
    {
      rule: 'csaf:vex:action',
      text: 'each product that is affected has what to do about it',
      holds: ({ products }) =>
        products.every((one) => one.standing !== 'known_affected' || one.action !== null),
    },
    {
      rule: 'csaf:vex:impact',
      text: 'each product that is not affected has the reason why it is not',
      holds: ({ products }) =>
        products.every(
          ({ standing, action, flag }) =>
            standing !== 'known_not_affected' || action !== null || flag !== null,
        ),
    },
  ],
  vulnerabilityReport: [
    {
      rule: 'csaf:2.1:vulnerabilityReport',
      text: 'a vulnerability report is a document of CSAF 2.1',
      holds: (_, { version }) => version === '2.1',
    },
    isWhole,
    {
      rule: 'csaf:forOne',
      text: 'a vulnerability report is made for one named recipient',
      holds: ({ sharing }) => sharing !== null,
    },
    hasProduct,
    hasIdentifier,
    namesAffected,
  ],
  withdrawn: [
    isPublicForm,
    {
      rule: 'csaf:withdrawn:reason',
      text: 'a withdrawn document says why',
      holds: ({ withdrawn }) => withdrawn !== null,
    },
    {
      rule: 'csaf:withdrawn:revisions',
      text: 'only what was released before can be withdrawn: there are two revisions or more',
      holds: ({ revisions }) => revisions.length >= 2,
    },
    {
      rule: 'csaf:withdrawn:empty',
      text: 'a withdrawn document names no product, and one description: the reason',
      holds: ({ products, notes }) =>
        products.length === 0 && notes.every(({ category }) => category !== 'description'),
    },
  ],
}

/** Refused with every rule of the form that the advisory does not keep. */
export function fitsForm(
  advisory: CsafAdvisory,
  shape: CsafShape,
): Decision<CsafAdvisory, 'notOfThisForm'> {
  const broken: readonly Because[] = RULES[shape.form]
    .filter(({ holds }) => !holds(advisory, shape))
    .map(({ rule, text }) => ({ rule, text }))
  return broken.length === 0 ? permit(advisory) : refuse('notOfThisForm', ...broken)
}
