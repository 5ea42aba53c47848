import assert from 'node:assert/strict'
import test from 'node:test'
import { barChart } from './charts.ts'

const chart = (bars: { label: string; count?: number }[]) =>
  barChart({ id: 'c', title: 'Cases', description: 'By kind', hidden: 'withheld', bars })

test('bars are in proportion and the longest leaves room for its number', () => {
  const widths = [
    ...chart([
      { label: 'a', count: 10 },
      { label: 'b', count: 5 },
    ]).matchAll(/chart__bar" x="2" y="\d+" width="(\d+)"/g),
  ].map((match) => Number(match[1]))
  assert.equal(widths.length, 2)
  assert.equal(widths[0], 2 * (widths[1] ?? 0))
  assert.ok((widths[0] ?? 0) < 600)
})

test('a withheld value is said, and its size is not drawn', () => {
  const svg = chart([{ label: 'a', count: 90 }, { label: 'rare' }])
  assert.match(svg, /chart__hidden[^>]*width="28"/)
  assert.match(svg, />withheld</)
})

test('labels cannot become markup or style', () => {
  const svg = chart([{ label: '</text><script>x</script>"\'' }])
  assert.doesNotMatch(svg, /<script|style=/)
})

test('only zeros give a chart, not a division by zero', () => {
  assert.doesNotMatch(chart([{ label: 'a', count: 0 }]), /NaN|Infinity/)
})
