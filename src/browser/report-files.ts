/**
 * The files that a reporter chooses: what is found in each is said beside the control, and
 * nothing goes on while a file that should have been cleaned was not, unless the reporter
 * says so.
 */
import { byId, say, textOn } from './page-parts.ts'
import { mark } from './report-questions.ts'
import type * as ScrubFiles from './scrub-files.ts'
import type { FileToSeal } from './seal-report.ts'

type Chosen = { readonly file: File; readonly looked: ScrubFiles.Looked | { found: 'failed' } }

export type ReportFiles = {
  /** Once all were looked at: whether they may be sent; says on the page why not. */
  areReady(): Promise<boolean>
  toSeal(): readonly FileToSeal[]
  /** As the reporter checks them: a line for each. */
  names(): string
  clear(): void
}

export function reportFiles(root: HTMLElement): ReportFiles {
  const control = byId<HTMLInputElement>('files')
  const onlyCopies = byId<HTMLInputElement>('files-only-copies')
  const asTheyAre = byId<HTMLInputElement>('files-as-they-are')
  let chosen: readonly Chosen[] = []
  let looking: Promise<void> = Promise.resolve()
  let isLatest = {}

  const limit = (name: string) => Number(control.dataset[name])
  const list = () => [...(control.files ?? [])]
  const isWithinLimits = (files: readonly File[]) =>
    files.length <= limit('countMax') && files.every(({ size }) => size <= limit('eachMax'))

  control.addEventListener('change', () => {
    chosen = []
    onlyCopies.checked = false
    asTheyAre.checked = false
    mark(control, !isWithinLimits(list()))
    const mine = {}
    isLatest = mine
    looking = look(root, isWithinLimits(list()) ? list() : []).then((looked) => {
      // Somebody who chose again meanwhile wants the later ones.
      if (isLatest !== mine) return
      chosen = looked
      tell(root, chosen)
    })
  })

  const toSeal = () => inOrder(chosen, onlyCopies.checked)

  return {
    async areReady() {
      await looking
      if (mark(control, !isWithinLimits(list()))) return stopAt(control)
      const isUndecided = chosen.some(isNotCleaned) && !asTheyAre.checked
      if (isUndecided) return stopAt(asTheyAre, textOn(root, whyUndecided(chosen)))
      const all = toSeal().reduce((sum, { content }) => sum + content.size, 0)
      if (all > limit('allMax')) return stopAt(control, textOn(root, 'filesTooMuch'))
      say('files-stop', '')
      return true
    },
    toSeal,
    names: () =>
      toSeal()
        .map(({ name, role }) =>
          role === 'original' ? name : textOn(root, 'filesCopyOf').replace('%name%', () => name),
        )
        .join('\n'),
    clear() {
      chosen = []
      say('files-found', '')
    },
  }
}

function stopAt(control: HTMLElement, why = ''): false {
  say('files-stop', why)
  control.focus()
  return false
}

const isNotCleaned = ({ looked: { found } }: Chosen) => found === 'broken' || found === 'failed'

const whyUndecided = (chosen: readonly Chosen[]) =>
  chosen.some(({ looked }) => looked.found === 'failed') ? 'filesStop' : 'filesDecide'

async function look(root: HTMLElement, files: readonly File[]): Promise<Chosen[]> {
  say('files-stop', '')
  byId('files-found').replaceChildren()
  for (const id of ['files-only-copies', 'files-as-they-are', 'files-both'])
    wrapOf(id).hidden = true
  if (files.length === 0) return []
  say('files-state', textOn(root, 'filesLooking'))
  const chosen: Chosen[] = []
  for (const file of files) {
    const looked = await lookInto(file).catch(() => ({ found: 'failed' as const }))
    chosen.push({ file, looked })
  }
  return chosen
}

/** One after the other, so that only one file is in memory at a time. */
async function lookInto(file: File): Promise<ScrubFiles.Looked> {
  const scrubber = await import('./scrub-files.ts')
  return scrubber.lookInto(file)
}

const wrapOf = (id: string) => byId(`${id}-part`)

function tell(root: HTMLElement, chosen: readonly Chosen[]): void {
  say('files-state', '')
  const isAny = (test: (one: Chosen) => boolean) => chosen.some(test)
  const isAnyCleaned = isAny(({ looked }) => looked.found === 'cleaned')
  wrapOf('files-both').hidden = !isAnyCleaned
  wrapOf('files-only-copies').hidden = !isAnyCleaned
  wrapOf('files-as-they-are').hidden = !isAny(isNotCleaned)
  if (isAny(isNotCleaned)) say('files-stop', textOn(root, whyUndecided(chosen)))
  byId('files-found').replaceChildren(
    ...chosen.map(({ file, looked }) => {
      const found = looked.found === 'failed' ? 'broken' : looked.found
      const said = textOn(root, `files${upperFirst(found)}`)
      const removed = 'removed' in looked ? looked.removed : []
      return line(
        said.replace('%name%', () => file.name),
        removed.map((what) => line(textOn(root, `scrubbed${upperFirst(what)}`))),
      )
    }),
  )
}

function line(text: string, below: readonly HTMLElement[] = []): HTMLElement {
  const item = document.createElement('li')
  item.textContent = text
  if (below.length === 0) return item
  const list = document.createElement('ul')
  list.className = 'govuk-list govuk-list--bullet'
  list.append(...below)
  item.append(list)
  return item
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A copy stands behind its original, which it names by its place; or alone. */
function inOrder(chosen: readonly Chosen[], isOnlyCopies: boolean): FileToSeal[] {
  const files: FileToSeal[] = []
  for (const { file, looked } of chosen) {
    const { name, type: mediaType } = file
    const copy = looked.found === 'cleaned' ? looked.copy : undefined
    const place = files.length
    if (!copy || !isOnlyCopies) {
      files.push({ name, mediaType, content: file, role: 'original', of: null })
    }
    if (!copy) continue
    const of = isOnlyCopies ? null : place
    files.push({ name, mediaType: copy.type, content: copy, role: 'scrubbed', of })
  }
  return files
}
