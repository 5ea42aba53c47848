/** The scenarios that lawyers can read (law/scenarios), and scenarios that cannot be read. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { scenarioAnswers } from '../../wire/law-scenario-answers.ts'
import { readScenario } from '../../wire/law-scenarios.ts'
import { LAW_FOLDER, shippedLaw } from './shipped-law.ts'

const FOLDER = join(LAW_FOLDER, 'scenarios')
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && name !== 'README.md')
const { packs } = shippedLaw()

test('there are at least twelve scenarios', () => assert.ok(files.length >= 12))

for (const name of files) {
  const scenario = readScenario(readFileSync(join(FOLDER, name), 'utf8'), name)
  test(scenario.title, () => {
    const wrong = scenarioAnswers(scenario, packs).filter(({ isAsExpected }) => !isAsExpected)
    const said = wrong.map(
      ({ place, about, answer, article, found, foundArticles }) =>
        `${place} ${about}: ${found} [${foundArticles.join('; ')}], not ${answer} [${article}]`,
    )
    assert.deepEqual(said, [])
  })
}

const GOOD = `# A case

| fact | value |
|---|---|
| packs | EU |
| isAiSystem | true |

| about | answer | article | why |
|---|---|---|---|
| competence eu.msa under eu.ai_act | open | 74 | |
`

test('a row is right only by its answer and its article', () => {
  const judged = (text: string) =>
    scenarioAnswers(readScenario(text, 'x.md'), packs).map(({ isAsExpected }) => isAsExpected)
  assert.deepEqual(judged(GOOD), [true])
  assert.deepEqual(judged(GOOD.replace('| open |', '| yes |')), [false])
  assert.deepEqual(judged(GOOD.replace('| 74 |', '| 7 |')), [false])
  assert.deepEqual(judged(GOOD.replace('| 74 |', '| 99 |')), [false])
})

for (const [name, from, to] of [
  ['no title', '# A case', 'A case'],
  ['no answers', /\| about[\s\S]*/, ''],
  ['other columns', '| about | answer | article | why |', '| about | answer | why |'],
  ['a cell too few', '| open | 74 | |', '| open | 74 |'],
  ['no fact', '| isAiSystem |', '| is it AI |'],
  ['one fact twice', '| isAiSystem | true |', '| isAiSystem | true |\n| isAiSystem | false |'],
  ['an empty value', '| isAiSystem | true |', '| isAiSystem |  |'],
  ['a yardstick in per cent', '| packs | EU |', '| yardstick | 3 % |'],
  ['a turnover without currency', '| packs | EU |', '| yardstick | 300; 800000000 |'],
  ['an instrument without direction', '| packs | EU |', '| in place | an arrangement |'],
] as const) {
  test(`a scenario with ${name} cannot be read`, () => {
    assert.throws(() => readScenario(GOOD.replace(from, to), 'x.md'), { code: 'malformed' })
  })
}

for (const [name, about] of [
  ['an unknown kind of question', 'mood eu.msa'],
  ['an unknown authority', 'competence eu.nobody'],
  ['an unknown entry', 'entry eu.ai_act/nothing'],
  ['an unknown path', 'path EU > XX personal'],
  ['an unknown term', 'term weather'],
  ['nothing', 'x'],
] as const) {
  test(`a scenario that asks for ${name} is a fault, not passed over`, () => {
    const scenario = readScenario(GOOD.replace('competence eu.msa under eu.ai_act', about), 'x.md')
    assert.throws(() => scenarioAnswers(scenario, packs), { code: 'malformed' })
  })
}
