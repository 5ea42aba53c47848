/**
 * The whole story by keyboard alone: officers in a real browser, under the real
 * content policy, from the sign-in link to the evidence package.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Hands } from '../../src/cli/story/story.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { type Place, startWorld } from '../support/demo.ts'
import { keyboardAt } from '../support/keyboard-browser.ts'
import { enterWorkspace } from '../support/page-hand.ts'

const world = await startWorld()
const browser = await launchBrowser()
after(() => browser.close())
const problems: ReturnType<typeof collectProblems>[] = []

/** Each in a browser of their own. */
async function atKeyboard(at: Place, key: string) {
  const page = await newPage(browser)
  problems.push(collectProblems(page))
  const node = world.node(at)
  const { hand } = await enterWorkspace(node, key, keyboardAt(node, page))
  return hand
}

async function handsAtKeyboards(at: Place): Promise<Hands['meridia']> {
  const { liaison, oversight } = world.hands[at]
  return {
    officer: await atKeyboard(at, 'case-officer-1'),
    second: await atKeyboard(at, 'case-officer-2'),
    reviewer: await atKeyboard(at, 'reviewer'),
    // The agreement and the sign-offs come before the case: see the workspace's own test.
    liaison,
    oversight,
  }
}

test('the whole story is told by keyboard alone', async () => {
  const hands = {
    meridia: await handsAtKeyboards('meridia'),
    albion: await handsAtKeyboards('albion'),
    sierra: await handsAtKeyboards('sierra'),
  }
  const telling = world.begin({ hands })
  await telling.toTheEnd()
  assert.ok(telling.results.length > 30)
  // A page of status 4xx is reported on the console: those are the refusals of the story.
  const unexpected = problems.flat().filter(({ text }) => !/status of (401|403|409)/.test(text))
  assert.deepEqual(unexpected, [])
})
