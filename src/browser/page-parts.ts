/** Small things that the scripts of pages share. */

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no ${id}`)
  return element as T
}

export function say(id: string, text: string): void {
  byId(id).textContent = text
}

/** A text of the page: scripts have none of their own. */
export function textOn(element: HTMLElement, name: string): string {
  return element.dataset[name] ?? name
}

/** Runs at most once at a time, with the button marked as busy. */
export function onClick(button: HTMLElement, run: () => Promise<void>): void {
  let isRunning = false
  button.addEventListener('click', (event) => {
    event.preventDefault()
    if (isRunning) return
    isRunning = true
    button.setAttribute('aria-disabled', 'true')
    void run().finally(() => {
      isRunning = false
      button.removeAttribute('aria-disabled')
    })
  })
}
