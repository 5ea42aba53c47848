/**
 * Checks of what only people can say: that somebody from outside reviewed the software, and
 * that somebody who knows the language read what reporters are promised in it.
 */
import { fileURLToPath } from 'node:url'
import { DAY_MS } from '../../base/time.ts'
import { languagesIn } from '../../web/messages.ts'
import { softwareVersion } from '../software-version.ts'
import { type Check, warning, well } from './finding.ts'

const LOCALES = fileURLToPath(new URL('../../../locales', import.meta.url))
const SECTION = 'record it in the configuration under outsideReview (docs/operating/install.md)'

export const outsideReview: Check = {
  name: 'outside review',
  run({ config, nowMs }) {
    const { outsideReview: review, node } = config
    if (!review) {
      if (node.profile !== 'production') return []
      const mend = `the public security page says so; once somebody from outside did it, ${SECTION}`
      return [warning('not yet independently reviewed', mend)]
    }
    const { by, on, version } = review
    if (Date.parse(`${on}T00:00:00Z`) > nowMs + DAY_MS) {
      return [warning(`the review by ${by} is said to be of ${on}, which is to come`, SECTION)]
    }
    if (version !== softwareVersion()) {
      const says = `reviewed in version ${version} by ${by} on ${on}; this is ${softwareVersion()}`
      return [warning(says, 'have what changed since then looked at; the public page says both')]
    }
    return [well(`version ${version}, by ${by}, on ${on}`)]
  },
}

export const safetyTexts: Check = {
  name: 'safety texts',
  run({ config }) {
    if (config.node.profile !== 'production') return []
    const known = Object.entries(languagesIn(LOCALES))
    const offered = known.filter(([, { offered }]) => offered.includes('public'))
    const unread = offered.filter(([, { safetyTexts }]) => safetyTexts === 'notReviewed')
    if (unread.length === 0) return [well(`read in ${offered.length} languages`)]
    const names = unread.map(([lang]) => lang).join(', ')
    const says = `nobody has checked what reporters are promised in these languages: ${names}`
    return [warning(says, 'have them read, then record who and when (docs/translating.md)')]
  },
}
