/** Sample texts that were made public, for the pages. Everything in them is invented. */
import type { PublicTextRow } from '../../src/app/ports/public-texts.ts'
import { instant } from '../../src/base/time.ts'
import type {
  AdvisoryContent,
  SafetyNoticeContent,
} from '../../src/core/disclosure/advisory-events.ts'
import { publicTextModel } from '../../src/web/public/public-text.ts'

const advisory: AdvisoryContent = {
  is: 'advisory',
  lang: 'en',
  title: 'Larkspur Companion: unsafe advice to minors',
  product: 'Larkspur Companion',
  severity: 'high',
  sectors: ['health', 'consumer'],
  summary:
    'The companion gives minors advice on hiding self-harm. Versions before 4.2 are affected.',
  vendor: 'Larkspur Dialogue Ltd (invented)',
  versionRange: 'before 4.2',
  status: 'known_affected',
  remediation: 'Turn the companion off for minors.',
  forUsers: 'Do not let children use it alone.\nTalk to a doctor.',
}
const notice: SafetyNoticeContent = {
  is: 'safetyNotice',
  lang: 'en',
  title: 'Do not rely on Larkspur Companion when you feel bad',
  product: 'Larkspur Companion',
  severity: 'high',
  sectors: ['health'],
  whatHappens: 'It can give advice that harms you.',
  whoIsConcerned: 'Everybody who uses it, children above all.',
  whatToDo: 'Do not follow its advice. Talk to somebody you trust.',
  help: 'Meridia helpline (fictional)',
}
const at = (day: string) => instant(`2026-12-${day}T09:00:00.000Z`)
const must = <T>(made: T | undefined): T => {
  if (made === undefined) throw new Error('a sample has a version')
  return made
}

export const sampleTextRows: readonly PublicTextRow[] = [
  {
    trackingId: 'MER-2026-0004',
    kind: 'advisory',
    isWithdrawn: false,
    publishedAt: at('06'),
    revisedAt: at('09'),
    revisions: [
      { number: 2, kind: 'fixAvailable', summary: 'A fix.', content: advisory, at: at('09') },
    ],
  },
  {
    trackingId: 'NOTICE-2026-0001',
    kind: 'safetyNotice',
    isWithdrawn: true,
    publishedAt: at('06'),
    revisedAt: at('12'),
    revisions: [{ number: 2, kind: 'withdrawal', summary: 'Over.', content: notice, at: at('12') }],
  },
]

export const sampleAdvisoryText = must(
  publicTextModel({
    trackingId: 'MER-2026-0004',
    revisions: [
      { number: 1, kind: 'first', summary: 'First version.', content: advisory, at: at('06') },
      {
        number: 2,
        kind: 'fixAvailable',
        summary: 'Version 4.2 was checked: it no longer gives such advice.',
        content: { ...advisory, remediation: 'Update to version 4.2.', sectors: ['health'] },
        at: at('09'),
      },
    ],
  }),
)
export const sampleNoticeText = must(
  publicTextModel({
    trackingId: 'NOTICE-2026-0001',
    revisions: [
      { number: 1, kind: 'first', summary: 'First version.', content: notice, at: at('06') },
      {
        number: 2,
        kind: 'withdrawal',
        summary: 'Version 4.2 no longer does this, and older ones are gone.',
        content: notice,
        at: at('12'),
      },
    ],
  }),
)
