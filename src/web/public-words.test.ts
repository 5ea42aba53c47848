/**
 * Which messages the public scope holds: exactly those of the pages that reporters,
 * the public and people from outside read. They are found by rendering every sample of
 * such a page, and by reading the sources for the keys that no sample reaches: keys in
 * full, beginnings of keys (`t("status.state." + …)`) and groups of words
 * (`word("filing", …)`, of which a page may show any).
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { before, test } from 'node:test'
import { SAMPLE_PAGES, sampleRenderer } from '../../test/support/page-site.ts'
import { sampleContext, sampleOfficer } from '../../test/support/sample-models.ts'
import { readCatalogues } from '../../tools/catalogues.ts'
import { ANSWER_FORMS } from '../app/answer-shared.ts'
import { OTHER_SIDE_FORMS } from '../app/other-side.ts'
import { SEAT_FORMS } from '../app/speak-at-seat.ts'
import type { SeatWord } from '../core/disclosure/events.ts'
import { DELAY_GROUNDS } from '../core/rights/notice.ts'
import { everyQuestion } from '../wire/intake/report-forms.ts'
import { type FormSchema, fieldsOf } from './form/field-spec.ts'
import { SEAT_ACTS } from './officer/shared-case/seat.ts'
import { areaOf, type PageName, scopeOf } from './pages.ts'
import { challengeSchema, messageSchema } from './reporter/presenter.ts'
import { hintsOf, schemaOf } from './reporter/report-form.ts'

const root = path.join(import.meta.dirname, '../..')
const web = path.join(root, 'src/web')

/** Groups of keys that public pages reach by a name that no source spells out. */
const REACHED_OTHERWISE = [
  // The tables of the dashboard name their groups of words in a list.
  'phase priority priorityState decision refusal clock notice duty emergencyState retractionCause'
    .concat(' retention dueStanding exemptionGround')
    .split(' ')
    .map((group) => `word.${group}.`),
  // Labels, hints and buttons of the forms that people from outside fill in.
  'fileReport challengeNotice writeToAuthority readSharedExhibit answerHearing answerReport'
    .concat(' answerNotice fileClaim challengeClaim offerCommitment fileAppeal')
    .split(' ')
    .concat(Object.values(SEAT_ACTS))
    .flatMap((act) => [`act.${act}`, `act.${act}.`]),
  Object.keys(DELAY_GROUNDS).map((ground) => `choice.${ground}`),
  // The rules by which somebody from outside may be refused something.
  ['form.error.', 'reporter.clock.', 'rule.'],
].flat()

/** Forms of people from outside whose fields and choices no sample shows in full. */
const FORMS: readonly (readonly [act: string, schema: FormSchema])[] = [
  ['fileReport', schemaOf({ questions: everyQuestion() }, [])],
  ['challengeNotice', challengeSchema],
  ['writeToAuthority', messageSchema],
  ['answerHearing', ANSWER_FORMS.hearing as FormSchema],
  ['answerReport', ANSWER_FORMS.report as FormSchema],
  ['answerNotice', ANSWER_FORMS.notice as FormSchema],
  ['fileClaim', OTHER_SIDE_FORMS.claim as FormSchema],
  ['challengeClaim', OTHER_SIDE_FORMS.challengeClaim as FormSchema],
  ['offerCommitment', OTHER_SIDE_FORMS.offer as FormSchema],
  ['fileAppeal', OTHER_SIDE_FORMS.appeal as FormSchema],
  ...Object.entries(SEAT_FORMS).map(
    ([word, schema]) => [SEAT_ACTS[word as SeatWord], schema as unknown as FormSchema] as const,
  ),
]

const english = readCatalogues(path.join(root, 'locales')).messages.filter(
  ({ lang }) => lang === 'en',
)
const keysOf = (scope: string) =>
  new Set(english.filter((one) => one.scope === scope).map(({ key }) => key))
const publicKeys = keysOf('public')
const officersKeys = keysOf('officers')

/** A court's reader or an operator, who signed in and sees what somebody admitted them to. */
const fromOutside = { ...sampleOfficer, roles: ['auditor'] as const }
const isOfPublic = (page: PageName) => scopeOf(page) === 'public'
const readersOf = (page: PageName) =>
  areaOf(page) === 'officer' ? [undefined, fromOutside] : [undefined]

const said = new Set<string>()
const absent = new Map<string, PageName>()

before(async () => {
  let now: PageName = 'public/home'
  const { render } = await sampleRenderer(({ scope, key, isKnown }) => {
    assert.equal(scope, 'public')
    if (isKnown) said.add(key)
    else absent.set(key, now)
  })
  for (const { page, model } of SAMPLE_PAGES.filter((sample) => isOfPublic(sample.page))) {
    now = page
    for (const signedIn of readersOf(page)) {
      render(page, model as never, { ...sampleContext, ...(signedIn ? { signedIn } : {}) })
    }
  }
})

test('pages of the public scope say words of the public scope only', () => {
  // A lacking hint, introduction or error of its own is no fault; a lacking word is.
  const mayLack = /^rule\.|\.(hint|intro|error\.\w+)$/
  const lacking = [...absent].filter(([key]) => !mayLack.test(key))
  assert.deepEqual(lacking, [], 'put these into locales/en/public')
})

test('every key and group of words that their sources name is in the public scope', () => {
  const { keys, beginnings } = namedInSources()
  const elsewhere = [...officersKeys].filter(
    (key) => keys.has(key) || [...beginnings, ...REACHED_OTHERWISE].some((one) => begins(key, one)),
  )
  assert.deepEqual(elsewhere, [], 'move these from locales/en/officers to locales/en/public')
})

test('every field and choice of a form for people from outside has words there', () => {
  const has = (key: string) => publicKeys.has(key)
  const known = (key: string) => {
    const name = key.slice(key.lastIndexOf('.') + 1)
    return [key, `field.${name}`, `choice.${name}`].some(has)
  }
  const missing = FORMS.flatMap(([act, schema]) =>
    fieldsOf(act, schema, act === 'fileReport' ? hintsOf(everyQuestion(), 'en', []) : {}).flatMap(
      (field) => [
        ...(known(`act.${act}.${field.name}`) ? [] : [`act.${act}.${field.name}`]),
        ...field.choices.flatMap((one) => ('key' in one && !known(one.key) ? [one.key] : [])),
      ],
    ),
  )
  assert.deepEqual(missing, [], 'put these into locales/en/public')
})

test('nothing else is in the public scope: translators have enough to do', () => {
  const { keys, beginnings } = namedInSources()
  const groups = [...beginnings, ...REACHED_OTHERWISE]
  const fields = FORMS.flatMap(([act, schema]) => fieldsOf(act, schema).map(({ name }) => name))
  const unused = [...publicKeys].filter(
    (key) =>
      !said.has(key) &&
      !keys.has(key) &&
      !groups.some((one) => begins(key, one)) &&
      !fields.includes(key.replace(/^field\./, '')),
  )
  assert.deepEqual(unused, [], 'move these from locales/en/public to locales/en/officers')
})

const begins = (key: string, group: string) =>
  key === group || (group.endsWith('.') && key.startsWith(group))

/** Keys in full, and what the others begin with. */
function namedInSources() {
  const texts = publicSources().map((file) => readFileSync(file, 'utf8'))
  const found = (pattern: RegExp) =>
    texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name))
  const literals = found(/["'`]([a-z]\w*(?:\.[\w/*-]+)+)["'`]/g)
  const beginnings = found(/["'`]([a-z]\w*(?:\.\w+)*\.)(?:["'] ?\+|\$\{)/g)
  const words = found(/\b(?:word|wordsOf|tag)\(\s*["'](\w+)["']/g)
  const inCode = found(/\bwordFor\(\s*messages,\s*'(\w+)'/g)
  return {
    keys: new Set(literals.filter((key) => publicKeys.has(key) || officersKeys.has(key))),
    // `t(key + "…")` alone would be everything.
    beginnings: new Set([
      ...beginnings.filter(
        (one) => !['word.', 'act.', 'nav.', 'rule.', 'choice.', 'field.'].includes(one),
      ),
      ...[...words, ...inCode].map((group) => `word.${group}.`),
    ]),
  }
}

/** The code beside the views of the public scope, and every template that these take in. */
function publicSources(): string[] {
  const pages = [...new Set(SAMPLE_PAGES.map(({ page }) => page))].filter(isOfPublic)
  const folders = [...new Set(pages.flatMap((page) => [page, path.dirname(page)]))].filter(
    (folder) => folder !== 'officer',
  )
  const code = folders.flatMap((folder) =>
    readdirSync(path.join(web, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => path.join(web, folder, name)),
  )
  const templates = new Set<string>()
  const take = (template: string) => {
    if (templates.has(template) || template.startsWith('govuk/')) return
    templates.add(template)
    const text = readFileSync(path.join(web, template), 'utf8')
    for (const [, other = ''] of text.matchAll(/(?:extends|from|include) "([^"]+)"/g)) take(other)
  }
  for (const page of pages) take(`${page}/view.njk`)
  return [...code, ...[...templates].map((template) => path.join(web, template))]
}
