/**
 * The questions of the sealed form: those of the chosen kind are shown in the order of its
 * form, the others stay away. Text only: nothing that was written is ever read as markup.
 */
import { byId, say, textOn } from './page-parts.ts'

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

type Asked = { readonly id: string; readonly required?: true; readonly sector?: string }

/** As the documents of the forms say it. */
export type Form = {
  readonly kind: string
  readonly steps: readonly { readonly id: string; readonly questions: readonly Asked[] }[]
}

/** A text, or the ticked ones of several. */
export type Answers = { readonly [question: string]: string | readonly string[] }

const pool = byId('answers')
const all = [...pool.querySelectorAll<HTMLElement>('[data-question]')]

export type Questions = {
  readonly kind: () => string
  readonly choose: (kind: string) => void
  /** What was answered, with the kind. */
  readonly said: () => Answers
  /** What is missing is marked; true if nothing is. */
  readonly isComplete: () => boolean
  readonly fill: (answers: Answers) => void
  readonly review: (into: HTMLElement, change: () => void) => void
  readonly focus: (id: string) => void
}

export function questions(forms: readonly Form[]): Questions {
  let chosen: Form | undefined
  const asked = () => {
    const sector = valuesOf('sector').join()
    return (chosen?.steps ?? [])
      .flatMap((step) => step.questions)
      .filter((one) => one.sector === undefined || one.sector === sector)
  }
  const arrange = () => {
    const shown = new Set(asked().map(({ id }) => id))
    for (const each of all) each.hidden = !shown.has(textOn(each, 'question'))
  }
  const choose = (kind: string) => {
    chosen = forms.find((form) => form.kind === kind)
    for (const step of pool.querySelectorAll<HTMLElement>('[data-step]')) step.hidden = true
    for (const { id, questions: ordered } of chosen?.steps ?? []) {
      const step = partOf('step', id)
      step.hidden = false
      pool.append(step)
      for (const question of ordered) {
        const part = partOf('question', question.id)
        step.append(part)
        markOptional(part, question.required !== true)
      }
    }
    arrange()
  }
  pool.addEventListener('change', (event) => {
    clearMark(event.target)
    arrange()
  })
  const said = () => {
    const given = asked().map(({ id }) => [id, answerOf(id)] as const)
    const answers = Object.fromEntries(given.filter(([, value]) => value.length > 0))
    return { ...answers, kind: chosen?.kind ?? '' }
  }
  return {
    kind: () => chosen?.kind ?? '',
    choose,
    said,
    isComplete: () => isComplete(asked()),
    fill(answers) {
      for (const [id, value] of Object.entries(answers)) fillOne(id, value)
      arrange()
    },
    review: (into, change) => into.replaceChildren(...asked().map((one) => row(one, change))),
    focus,
  }
}

function partOf(name: 'step' | 'question', id: string): HTMLElement {
  const found = pool.querySelector<HTMLElement>(`[data-${name}="${CSS.escape(id)}"]`)
  if (found === null) throw new Error(`the page has no ${name} ${id}`)
  return found
}

function controlsOf(id: string): Control[] {
  const selector = `[data-answer="${CSS.escape(id)}"]`
  return [...pool.querySelectorAll<Control>(selector)]
}

const isTick = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && control.type === 'checkbox'

function valuesOf(id: string): string[] {
  return controlsOf(id)
    .filter((control) => !isTick(control) || control.checked)
    .map(({ value }) => value.trim())
    .filter((value) => value !== '')
}

function answerOf(id: string): string | readonly string[] {
  const values = valuesOf(id)
  return controlsOf(id).some(isTick) ? values : (values[0] ?? '')
}

function fillOne(id: string, value: Answers[string]): void {
  for (const control of controlsOf(id)) {
    if (isTick(control)) control.checked = value.includes(control.value)
    else control.value = typeof value === 'string' ? value : ''
  }
}

function markOptional(part: HTMLElement, isOptional: boolean): void {
  const mark = part.querySelector<HTMLElement>('.comity-optional')
  if (mark) mark.hidden = !isOptional
}

/** Every missing one is named at the top, too, with a way to it. */
function isComplete(asked: readonly Asked[]): boolean {
  const missing = asked.filter(({ id, required }) => {
    const isWrong = required === true && valuesOf(id).length === 0
    for (const control of controlsOf(id).slice(0, 1)) mark(control, isWrong)
    return isWrong
  })
  const summary = byId('answers-problem')
  summary.hidden = missing.length === 0
  byId('answers-missing').replaceChildren(...missing.map(({ id }) => linkTo(id)))
  if (missing.length > 0) summary.focus()
  return missing.length === 0
}

function linkTo(id: string): HTMLElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = `#f-${id}`
  link.textContent = textOn(controlsOf(id)[0] ?? pool, 'wrong')
  link.addEventListener('click', (event) => {
    // The address stays as it is.
    event.preventDefault()
    focus(id)
  })
  item.append(link)
  return item
}

function focus(id: string): void {
  controlsOf(id)[0]?.focus()
}

export function mark(control: Control, isWrong: boolean): boolean {
  say(`${control.id}-error`, isWrong ? textOn(control, 'wrong') : '')
  control.toggleAttribute('aria-invalid', isWrong)
  return isWrong
}

/** What was missing is there now. */
function clearMark(target: EventTarget | null): void {
  const isMarked = target instanceof HTMLElement && target.hasAttribute('aria-invalid')
  if (isMarked) mark(target as Control, (target as Control).value.trim() === '')
}

function row({ id }: Asked, change: () => void): HTMLElement {
  const line = document.createElement('div')
  const term = document.createElement('dt')
  const text = document.createElement('dd')
  const said = document.createElement('span')
  const button = document.createElement('button')
  const question = partOf('question', id).dataset['label'] ?? id
  term.textContent = question
  said.textContent = wordsOf(id) || textOn(pool, 'notAnswered')
  said.className = 'comity-said'
  said.dir = 'auto'
  button.type = 'button'
  button.className = 'comity-link-button'
  button.textContent = textOn(pool, 'change')
  button.setAttribute('aria-label', `${textOn(pool, 'change')}: ${question}`)
  button.addEventListener('click', () => {
    change()
    focus(id)
  })
  text.append(said, ' ', button)
  line.append(term, text)
  return line
}

/** As the page words the choices. */
function wordsOf(id: string): string {
  const words = controlsOf(id).map((control) => {
    if (control instanceof HTMLSelectElement) {
      return control.value === '' ? '' : (control.selectedOptions[0]?.textContent ?? '')
    }
    if (!isTick(control)) return control.value.trim()
    return control.checked ? (control.labels?.[0]?.textContent ?? '') : ''
  })
  return words.filter((word) => word !== '').join('\n')
}
