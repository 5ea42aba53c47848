/**
 * Draws boxes on the pages of an exhibit by mouse or pen: each becomes a line of the form,
 * and each line a box on its page. The form is complete without this script, and what is
 * sent is what stands in its lines; nothing is painted here.
 */
import { byId, say, textOn } from './page-parts.ts'

type Rect = { x: number; y: number; width: number; height: number }

const SIDE_MIN = 3
const NUMBERS = ['page', 'x', 'y', 'width', 'height'] as const
const SVG = 'http://www.w3.org/2000/svg'

const form = byId<HTMLFormElement>('boxes')
const list = byId<HTMLOListElement>('box-list')
const layers = new Map<number, SVGSVGElement>()

for (const frame of document.querySelectorAll<HTMLElement>('[data-page]')) {
  const image = frame.querySelector('img')
  if (image?.complete && image.naturalWidth > 0) addLayer(frame, image)
  else image?.addEventListener('load', () => addLayer(frame, image))
}
form.addEventListener('input', redraw)
for (const line of lines()) withRemoval(line)

function addLayer(frame: HTMLElement, image: HTMLImageElement): void {
  const { naturalWidth: width, naturalHeight: height } = image
  const layer = document.createElementNS(SVG, 'svg')
  layer.setAttribute('class', 'comity-page__boxes')
  layer.setAttribute('viewBox', `0 0 ${width} ${height}`)
  layer.setAttribute('aria-hidden', 'true')
  frame.append(layer)
  const page = Number(frame.dataset['page'])
  layers.set(page, layer)
  listen(layer, (box) => addBox(page, within(box, width, height)))
  redraw()
}

/** A finger moves the page; it does not draw. */
function listen(layer: SVGSVGElement, drawn: (box: Rect) => void): void {
  let from: { x: number; y: number } | undefined
  let current: SVGRectElement | undefined
  layer.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch' || event.button !== 0) return
    event.preventDefault()
    layer.setPointerCapture(event.pointerId)
    from = placeOf(layer, event)
    current = rectOf({ ...from, width: 0, height: 0 }, 'comity-page__box comity-page__box--current')
    layer.append(current)
  })
  layer.addEventListener('pointermove', (event) => {
    if (from && current) place(current, between(from, placeOf(layer, event)))
  })
  const end = (event: PointerEvent, isDone: boolean) => {
    if (!from) return
    const box = between(from, placeOf(layer, event))
    current?.remove()
    from = undefined
    if (isDone && box.width >= SIDE_MIN && box.height >= SIDE_MIN) drawn(box)
  }
  layer.addEventListener('pointerup', (event) => end(event, true))
  layer.addEventListener('pointercancel', (event) => end(event, false))
}

function addBox(page: number, { x, y, width, height }: Rect): void {
  const line = lines().find(isEmpty) ?? addLine()
  if (!line) {
    say('box-state', textOn(form, 'full'))
    return
  }
  for (const [index, value] of [page, x, y, width, height].entries()) {
    fieldOf(line, NUMBERS[index] ?? '').value = String(value)
  }
  redraw()
  const number = lines().indexOf(line) + 1
  say('box-state', textOn(form, 'added').replace('#', String(number)))
}

/** As the last line, with names of its own and nothing in it. */
function addLine(): HTMLElement | undefined {
  const last = lines().at(-1)
  const number = lines().length
  if (!last || number >= Number(textOn(form, 'most'))) return undefined
  const line = last.cloneNode(true) as HTMLElement
  for (const name of ['id', 'for', 'name', 'aria-describedby']) {
    for (const element of line.querySelectorAll(`[${name}]`)) {
      const value = element.getAttribute(name) ?? ''
      element.setAttribute(name, value.replace(/-\d+$/, `-${number}`))
    }
  }
  const legend = line.querySelector('legend')
  if (legend) legend.textContent = textOn(form, 'box').replace('#', String(number + 1))
  list.append(line)
  withRemoval(line)
  empty(line)
  return line
}

function withRemoval(line: HTMLElement): void {
  const button = line.querySelector('button')
  if (!button) return
  button.hidden = false
  button.addEventListener('click', () => {
    empty(line)
    redraw()
    fieldOf(line, 'page').focus()
    say('box-state', textOn(form, 'removed'))
  })
}

function empty(line: HTMLElement): void {
  for (const name of [...NUMBERS, 'reason']) fieldOf(line, name).value = ''
}

function redraw(): void {
  for (const layer of layers.values()) layer.replaceChildren()
  for (const [index, line] of lines().entries()) {
    const [page = 0, x = 0, y = 0, width = 0, height = 0] = NUMBERS.map((name) =>
      Number(fieldOf(line, name).value),
    )
    if (!(width > 0 && height > 0)) continue
    const label = document.createElementNS(SVG, 'text')
    label.setAttribute('class', 'comity-page__label')
    label.setAttribute('x', String(x + 6))
    label.setAttribute('y', String(y + 28))
    label.textContent = String(index + 1)
    layers.get(page)?.append(rectOf({ x, y, width, height }, 'comity-page__box'), label)
  }
}

function rectOf(box: Rect, className: string): SVGRectElement {
  const rect = document.createElementNS(SVG, 'rect')
  rect.setAttribute('class', className)
  place(rect, box)
  return rect
}

function place(rect: SVGRectElement, box: Rect): void {
  for (const [name, value] of Object.entries(box)) rect.setAttribute(name, String(value))
}

/** In pixels of the page, however large it is shown. */
function placeOf(layer: SVGSVGElement, { clientX, clientY }: PointerEvent) {
  const shown = layer.getBoundingClientRect()
  const { width, height } = layer.viewBox.baseVal
  return {
    x: ((clientX - shown.left) / shown.width) * width,
    y: ((clientY - shown.top) / shown.height) * height,
  }
}

function between(from: { x: number; y: number }, to: { x: number; y: number }): Rect {
  const x = Math.min(from.x, to.x)
  const y = Math.min(from.y, to.y)
  return { x, y, width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) }
}

/** Outwards to whole pixels, so that nothing of what was marked stays at an edge. */
function within(box: Rect, width: number, height: number): Rect {
  const x = Math.max(0, Math.floor(box.x))
  const y = Math.max(0, Math.floor(box.y))
  const right = Math.min(width, Math.ceil(box.x + box.width))
  const lower = Math.min(height, Math.ceil(box.y + box.height))
  return { x, y, width: right - x, height: lower - y }
}

function lines(): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('li')]
}

function isEmpty(line: HTMLElement): boolean {
  return [...NUMBERS, 'reason'].every((name) => fieldOf(line, name).value === '')
}

function fieldOf(line: HTMLElement, name: string): HTMLInputElement {
  const field = line.querySelector<HTMLInputElement>(`[name^="${name}-"]`)
  if (!field) throw new Error(`a line has no ${name}`)
  return field
}
