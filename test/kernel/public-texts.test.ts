/** What a case makes public stands in the public list with all versions, and names nobody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postgresRegisters } from '../../src/adapters/postgres/projections/registers.ts'
import type {
  AdvisoryContent,
  SafetyNoticeContent,
} from '../../src/core/disclosure/advisory-events.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'

const shared = { lang: 'en', product: 'Companion', severity: 'high', sectors: ['health'] } as const
const advisory: AdvisoryContent = {
  ...{ ...shared, is: 'advisory', title: 'Unsafe advice (invented)', summary: 'What happens.' },
  ...{ vendor: 'Larkspur (invented)', versionRange: null, status: 'known_affected' },
  ...{ remediation: 'Update.', forUsers: null },
}
const notice: SafetyNoticeContent = {
  ...{ ...shared, is: 'safetyNotice', title: 'Do not rely on it', whatHappens: 'Wrong doses.' },
  ...{ whoIsConcerned: 'Everybody.', whatToDo: 'Ask a pharmacist.', help: null },
}

test('versions stand in the public list; drafts and officers do not', async (t) => {
  const { database, enrol, openCase, append } = await deskKernel(t)
  const ada = await enrol('Ada', ['caseOfficer'])
  const caseId = await openCase('One', ada)
  const texts = postgresRegisters(database, keys).publicTexts
  const revision = (number: number, kind: string, content: object) => ({
    ...{ number, kind, summary: `Version ${number}.`, content },
  })
  const published = (number: number, kind: string) => ({
    ...{ type: 'advisoryPublished', trackingId: 'A-1', digest: 'x', document: { number } },
    revision: revision(number, kind, advisory),
  })
  await append(caseId, ada.officer, {
    ...{ type: 'advisoryDrafted', trackingId: 'A-1' },
    revision: revision(1, 'first', advisory),
  } as never)
  assert.deepEqual(await texts.all(), [])
  await append(caseId, ada.officer, published(1, 'first'), published(2, 'correction'))
  await append(caseId, ada.officer, {
    ...{ type: 'safetyNoticePublished', trackingId: 'N-1' },
    revision: revision(1, 'first', notice),
  } as never)
  await append(caseId, ada.officer, published(3, 'withdrawal'))
  const found = await texts.find('A-1')
  assert.deepEqual(
    found?.revisions.map(({ number, kind }) => [number, kind]),
    [
      [1, 'first'],
      [2, 'correction'],
      [3, 'withdrawal'],
    ],
  )
  assert.deepEqual([found?.isWithdrawn, found?.kind], [true, 'advisory'])
  const all = await texts.all()
  assert.deepEqual(all.map(({ trackingId }) => trackingId).sort(), ['A-1', 'N-1'])
  assert.equal(JSON.stringify(all).includes(ada.officer), false)
  assert.deepEqual((await texts.find('N-1'))?.revisions[0]?.content, notice)
  assert.equal(await texts.find('X-1'), undefined)
})
