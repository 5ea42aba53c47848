/**
 * The one script of ordinary pages: focus for the error summary and the skip
 * link, protection from double clicks, and the exit button. Every page works
 * without it.
 */
import { Button } from 'govuk-frontend/dist/govuk/components/button/button.mjs'
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { ExitThisPage } from 'govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs'
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs'
import { createAll } from 'govuk-frontend/dist/govuk/init.mjs'

createAll(ErrorSummary)
createAll(Button, { preventDoubleClick: true })
createAll(ExitThisPage)
createAll(SkipLink)
