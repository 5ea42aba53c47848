/** That somebody from outside looked over the security of this software, as the operator says. */
import { type Static, Type } from '@sinclair/typebox'
import { NameForm, section, UrlForm } from './text.ts'

export const OutsideReviewForm = section({
  /** Who: a person or a firm that did not make the software and does not run the node. */
  by: NameForm,
  /** The day on which the review ended. */
  on: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  /** Of the software that was looked at, as `comity backup` names it. */
  version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+[-+.0-9A-Za-z]{0,40}$' }),
  /** Where everybody can read what was found. */
  report: UrlForm,
})

export type OutsideReviewConfig = Static<typeof OutsideReviewForm>
