import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkBoxes, type PageBox, type PageTransform, transformFault } from './page-transform.ts'

const pages = [
  { width: 100, height: 80 },
  { width: 50, height: 50 },
]
const box: PageBox = {
  ...{ page: 1, x: 10, y: 10, width: 20, height: 20 },
  ...{ ground: 'thirdPerson', reason: 'names a bystander' },
}
const isGround = (ground: string) => ground === 'thirdPerson'
const whyOf = (boxes: readonly PageBox[]) => {
  const checked = checkBoxes(boxes, pages, isGround)
  return checked.decision === 'refuse' ? checked.why : 'permit'
}

test('boxes lie on a page and have a ground and a reason', () => {
  assert.equal(whyOf([box, { ...box, page: 2, x: 0, y: 0, width: 50, height: 50 }]), 'permit')
  assert.equal(whyOf([]), 'noBox')
  assert.equal(whyOf(Array(501).fill(box)), 'tooManyBoxes')
  const table: [Partial<PageBox>, string][] = [
    [{ x: 81 }, 'boxOutside'],
    [{ y: 61 }, 'boxOutside'],
    [{ x: -1 }, 'boxOutside'],
    [{ page: 0 }, 'boxOutside'],
    [{ page: 3 }, 'boxOutside'],
    [{ page: 2, x: 40 }, 'boxOutside'],
    [{ width: 0 }, 'boxFaulty'],
    [{ height: -5 }, 'boxFaulty'],
    [{ x: 1.5 }, 'boxFaulty'],
    [{ x: Number.NaN }, 'boxFaulty'],
    [{ width: Number.MAX_VALUE }, 'boxFaulty'],
    [{ reason: ' ' }, 'boxFaulty'],
    [{ reason: 'x'.repeat(501) }, 'boxFaulty'],
    [{ ground: 'because' }, 'boxFaulty'],
    [{ ground: '' }, 'boxFaulty'],
  ]
  for (const [change, why] of table) {
    assert.equal(whyOf([{ ...box, ...change }]), why, JSON.stringify(change))
  }
})

const hex = (digit: string) => digit.repeat(64)
const transform: PageTransform = {
  tool: 'comity-pages',
  version: '1',
  input: { mediaType: 'application/pdf', digest: hex('a'), sizeBytes: 9 },
  boxes: [box],
  pages: pages.map((size, index) => {
    return { ...size, page: index + 1, digest: hex('b'), sizeBytes: 5 }
  }),
}

test('a transform that leaves something open is faulty', () => {
  assert.equal(transformFault(transform), undefined)
  const [first, second] = transform.pages
  assert.ok(first && second)
  const table: Partial<PageTransform>[] = [
    { tool: '' },
    { version: '' },
    { input: { ...transform.input, digest: 'a' } },
    { input: { ...transform.input, mediaType: 'pdf' } },
    { boxes: [] },
    { boxes: [{ ...box, page: 3 }] },
    { pages: [] },
    { pages: [second] },
    { pages: [second, first] },
    { pages: [{ ...first, digest: hex('G') }] },
    { pages: [{ ...first, width: 0 }] },
    { pages: [{ ...first, sizeBytes: 0.5 }] },
  ]
  for (const change of table) {
    assert.notEqual(transformFault({ ...transform, ...change }), undefined, JSON.stringify(change))
  }
})
