import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarDate, instant } from '../../base/time.ts'
import { decideNotice, type NoticeWish } from './decide-notice.ts'

const BRUSSELS = 'Europe/Brussels'
const wish: NoticeWish = {
  digestHour: 8,
  isUrgentWanted: true,
  digestOn: null,
  urgentAt: null,
  urgentDigest: null,
}
const work = { total: 3, urgent: 0, urgentDigest: 'none' }
const pressing = { total: 3, urgent: 1, urgentDigest: 'a' }
const at = (text: string) => instant(`2026-${text}:00.000Z`)
const kindAt = (text: string, changed: Partial<NoticeWish> = {}, facts = work) =>
  decideNotice({ ...wish, ...changed }, facts, at(text), BRUSSELS)?.kind

test('a digest leaves at the hour of the authority, not of the server, once a day', () => {
  assert.equal(kindAt('01-10T06:59'), undefined, '07:59 in winter')
  assert.equal(kindAt('01-10T07:00'), 'digest', '08:00 in winter')
  assert.equal(kindAt('07-10T05:59'), undefined, '07:59 in summer')
  assert.equal(kindAt('07-10T06:00'), 'digest', '08:00 in summer')
  const today = calendarDate('2026-01-10')
  assert.equal(kindAt('01-10T20:00', { digestOn: today }), undefined)
  assert.equal(kindAt('01-10T23:30', { digestOn: today, digestHour: 0 }), 'digest', 'a new day')
})

test('nothing waits, or nobody asked: no mail', () => {
  const nothing = { total: 0, urgent: 0, urgentDigest: 'none' }
  assert.equal(kindAt('01-10T12:00', {}, nothing), undefined)
  assert.equal(kindAt('01-10T12:00', { digestHour: null }), undefined)
  const off = { digestHour: null, isUrgentWanted: false }
  assert.equal(kindAt('01-10T12:00', off, pressing), undefined)
})

test('what presses is said at once, at night too, but not twice and not every minute', () => {
  assert.equal(kindAt('01-10T02:00', {}, pressing), 'urgent')
  const told = { urgentAt: at('01-10T02:00'), urgentDigest: 'a', digestHour: null }
  assert.equal(kindAt('01-11T02:00', told, pressing), undefined)
  const more = { ...pressing, urgentDigest: 'b' }
  assert.equal(kindAt('01-10T02:59', told, more), undefined)
  assert.equal(kindAt('01-10T03:00', told, more), 'urgent')
})
