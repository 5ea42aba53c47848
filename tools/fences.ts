/**
 * The fences between the folders of `src`, as data. `check-imports.ts` holds
 * every module to them; to move a fence is to change this table and to say why.
 */

export type Fence = {
  /** Folders of `src` whose modules may be imported, besides the folder itself. */
  readonly folders: readonly string[]
  /** Packages that may be imported. `any` means every dependency of the product. */
  readonly packages: readonly string[] | 'any'
  /** Modules of Node that may be imported, without `node:`. */
  readonly builtins: readonly string[] | 'any'
  /** Folders beside `src` whose JSON files may be imported. */
  readonly data: readonly string[]
}

const INNER = { builtins: [], data: [] } as const
const KERNEL = ['base', 'core', 'proof', 'wire'] as const
const OUTSIDE = ['base', 'seal', 'core', 'proof', 'wire', 'app', 'adapters', 'web', 'api'] as const
const DATA = ['protocol', 'law', 'vocabulary', 'agreements', 'exercises', 'locales'] as const
const HTTP = ['fastify', '@fastify/*', '@sinclair/typebox'] as const

export const FENCES: Readonly<Record<string, Fence>> = {
  base: { ...INNER, folders: [], packages: ['canonicalize'] },
  seal: {
    ...INNER,
    folders: ['base'],
    packages: ['@scure/base', 'age-encryption', 'shamir-secret-sharing'],
  },
  core: { ...INNER, folders: ['base'], packages: ['date-holidays', 'ae-cvss-calculator'] },
  proof: { ...INNER, folders: ['base'], packages: [] },
  wire: {
    folders: ['base', 'core', 'proof'],
    packages: ['structured-headers', 'http-message-signatures', 'yaml', '@sinclair/typebox'],
    builtins: [],
    data: ['vocabulary', 'protocol', 'agreements'],
  },
  app: { ...INNER, folders: KERNEL, packages: ['@sinclair/typebox'] },
  adapters: {
    folders: [...KERNEL, 'seal', 'app/ports'],
    packages: 'any',
    builtins: 'any',
    data: DATA,
  },
  web: {
    folders: [...KERNEL, 'app'],
    packages: [...HTTP, 'nunjucks', 'messageformat', 'govuk-frontend', '@ministryofjustice/*'],
    builtins: ['path', 'url'],
    data: ['locales'],
  },
  api: { folders: [...KERNEL, 'app'], packages: HTTP, builtins: 'any', data: ['protocol'] },
  browser: {
    ...INNER,
    folders: ['base', 'proof', 'seal', 'wire'],
    packages: ['@noble/curves', '@noble/hashes', 'govuk-frontend', 'qr'],
  },
  node: { folders: [...OUTSIDE, 'cli'], packages: 'any', builtins: 'any', data: DATA },
  cli: { folders: [...OUTSIDE, 'node'], packages: 'any', builtins: 'any', data: DATA },
  sim: { ...INNER, folders: ['base', 'wire', 'adapters'], packages: [] },
}

/** Files that may import more of Node than their folder, each for one reason. */
export const BUILTINS_OF_FILE: Readonly<Record<string, readonly string[]>> = {
  // Templates and built assets are read once, when the site starts.
  'src/web/render.ts': ['fs', 'module'],
  // So are the message catalogues.
  'src/web/messages.ts': ['fs'],
  // Bytes that nobody holds whole leave as a stream.
  'src/web/streamed-file.ts': ['stream'],
}

/** Folders that may neither read a clock nor draw a random number. */
export const NO_CLOCK = ['base', 'core', 'proof', 'wire', 'app'] as const

/** Folders where JavaScript's bit operators, which cut numbers to 32 bits, are forbidden. */
export const NO_BIT_OPERATORS = ['proof'] as const

/** Files in such folders that work on single bytes, where nothing can be cut. */
export const BIT_OPERATOR_FILES: readonly string[] = ['src/proof/hmac.ts']

/** Folders that may load a module whose name is computed. */
export const COMPUTED_IMPORTS = ['adapters', 'node', 'cli'] as const

/** How the path of a relative import may end. */
export const IMPORT_ENDINGS = ['.ts', '.json', '.njk', '.css', '.svg'] as const

export type Sender = {
  /** Message types that it may send; `*`: as its reason says. */
  readonly messages: readonly string[]
  readonly why: string
}

/**
 * The files that may queue a message for a peer. Whatever a case holds leaves in
 * `release-to-peer.ts` alone, behind the release decision; the others say what they send
 * instead, and why it is no content of a case. To add one is to say that here.
 */
export const SENDERS: Readonly<Record<string, Sender>> = {
  'src/app/release-to-peer.ts': {
    messages: ['*'],
    why: 'the release decision: what it permitted, in a message of the type that the act names',
  },
  'src/app/agreements.ts': {
    messages: ['*'],
    why: 'the text of an agreement and signatures under it, to its parties',
  },
  'src/app/people/emergency-contact.ts': {
    messages: ['*'],
    why: 'how this authority itself is reached',
  },
  'src/app/follow-duties.ts': {
    messages: ['*'],
    why: 'dutyDischarge, dutyAnswer, dutyBreach: what became of a duty under a release, to its other side, in words that an officer wrote for it, with digests and ids',
  },
  'src/app/acts/disclosure-acts.ts': {
    messages: ['invitationAnswer', 'embargoEnded'],
    why: 'yes or no to an invitation, and that an embargo ended: words of closed lists',
  },
  'src/app/participants.ts': {
    messages: ['participants'],
    why: 'which parties to the agreement take part in a case, and whether each accepted the embargo, to those that take part and accepted it too: node ids',
  },
  'src/app/tell-claims.ts': {
    messages: ['factClaim', 'factClaimDecided'],
    why: 'that a public fact holds, to the lead of the case, in words that an officer wrote for it; back, a word of a closed list',
  },
  'src/app/pass-lead.ts': {
    messages: ['leadAnswer', 'leadTold'],
    why: 'yes or no to leading a case, and which authority leads it, to those that take part: a word of a closed list, node ids',
  },
  'src/app/tell-terms.ts': {
    messages: ['embargoTerms', 'embargoProposal', 'participantLeft'],
    why: 'ends of an embargo with opaque ids and until when an answer is asked for, and that one left: instants, ids and words of closed lists; of terms that one wants the reason, to the lead of the case, in words that an officer wrote for it',
  },
  'src/app/retract.ts': {
    messages: ['retraction'],
    why: 'that a release is called back, with a cause of a closed list',
  },
  'src/app/erasure/erase-case.ts': {
    messages: ['retraction'],
    why: 'that a release is called back because it was erased here: ids and a word of a closed list',
  },
  'src/app/erasure/send-logged.ts': {
    messages: ['*'],
    why: 'retractionDone, erasureAnswer: that nothing is left, or that it is kept on a ground of a closed list with the provision that an officer names; and again with the opening of the event that records it',
  },
  'src/app/acts/retraction-acts.ts': {
    messages: ['retractionDone', 'onwardConsentRequest', 'onwardConsentAnswer'],
    why: 'that nothing is left; a question to the originator, in words written for it; yes or no',
  },
  'src/app/acts/answer-acts.ts': {
    messages: ['assistanceTurnedAway'],
    why: 'that a request for assistance is turned away, with codes and the reasons that an officer wrote for it',
  },
  'src/app/take-consent-back.ts': {
    messages: ['onwardConsentWithdrawal'],
    why: 'that a consent to passing something on is taken back, with the id of the question',
  },
  'src/app/records-consultation.ts': {
    messages: ['recordsConsultation', 'recordsConsultationAnswer'],
    why: 'whether what a peer released may be given out under public-records law, to that peer, in words that an officer wrote for it, with ids; who asked for the records is not in it',
  },
  'src/app/match-with-peer.ts': {
    messages: ['matchAnswer'],
    why: 'marks made with a key that is forgotten, from identifiers that an officer released to that peer for matching, among random ones',
  },
  'src/app/acts/assistance-acts.ts': {
    messages: ['assistanceRequest'],
    why: 'a question to the authority that leads, in words that an officer wrote for it, with a rights test',
  },
  'src/app/travel/fetch-files.ts': {
    messages: ['fileTransfer'],
    why: 'what became of a file that a peer released, a word of a closed list, to that peer',
  },
  'src/app/acts/evidence-acts.ts': {
    messages: ['exhibitAnswer'],
    why: 'whether an exhibit that a peer released is accepted, to that peer; of a rejection the reason that an officer wrote for it',
  },
}
