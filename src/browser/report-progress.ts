/** How far a long step is, and room for the page to draw while it goes on. */
import { byId } from './page-parts.ts'

export function progressOf(barId: string) {
  return async (done: number, all: number): Promise<void> => {
    const bar = byId<HTMLProgressElement>(barId)
    bar.hidden = done >= all
    bar.max = all
    bar.value = done
    await nextTask()
  }
}

/** Microtasks alone would not let the page draw or hear a click. */
const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve))
