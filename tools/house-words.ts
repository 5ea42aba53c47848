/**
 * What must not stand in the repository: paths of one machine, hosts of package
 * registries, and words about how the project is made. A reader of the product
 * has no use for them.
 *
 * Each pattern holds a character class in place of one letter, so that this file
 * does not hold what it forbids.
 */

export type HouseWord = { readonly pattern: RegExp; readonly why: string }

export const HOUSE_WORDS: readonly HouseWord[] = [
  { pattern: /\/[w]ork\/[a-z.]/, why: 'a path of one machine' },
  { pattern: /\/[f]arm\/[a-z]/, why: 'a path of one machine' },
  { pattern: /\/[h]ome\/[a-z]+\/|\/[U]sers\/[A-Za-z]+\//, why: 'a path of one machine' },
  { pattern: /\.\.\/[s]hared\b/, why: 'a folder outside the repository' },
  { pattern: /[r]egistry\.[a-z]+\.org|[d]eb\.[a-z]+\.org/, why: 'the host of a package registry' },
  { pattern: /\b[C]EO\b/, why: 'who makes the project' },
  { pattern: /[s]teering repo/i, why: 'how the project is made' },
  { pattern: /\b[t]his session\b|[h]elper session/i, why: 'how the project is made' },
  { pattern: /[s]ubagent|[s]ub-agent/i, why: 'how the project is made' },
  { pattern: /[C]o-authored-by:/i, why: 'how the project is made' },
  { pattern: /\b[i]ssue #?\d+\b/i, why: 'a number of a list that readers do not have' },
]

/** Files of others, and files that only a program writes. */
const NOT_READ = /(?:^|\/)package-lock\.json$|^LICENSE$|\.(?:svg|png|woff2?|ico|gz|br|tar|age)$/

export function isRead(file: string): boolean {
  return !NOT_READ.test(file)
}

/** Lines start at 1. The text itself is not repeated: the finding is printed. */
export function houseWordsIn(text: string): readonly { line: number; why: string }[] {
  return text.split('\n').flatMap((line, index) =>
    HOUSE_WORDS.filter(({ pattern }) => pattern.test(line)).map(({ why }) => ({
      line: index + 1,
      why,
    })),
  )
}
