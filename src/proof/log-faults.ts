/** What is wrong with which file of a log; each file is named once. */
export type LogFault = { readonly file: string; readonly message: string }

/** The file of a log that is signed. */
export const CHECKPOINT = 'checkpoint'
const FAULTS_MAX = 100

export class FaultList {
  readonly #messages = new Map<string, string>()

  add(file: string, message: string): void {
    if (!this.isFull && !this.#messages.has(file)) this.#messages.set(file, message)
  }

  get isFull(): boolean {
    return this.#messages.size >= FAULTS_MAX
  }

  get isEmpty(): boolean {
    return this.#messages.size === 0
  }

  list(): LogFault[] {
    return [...this.#messages].map(([file, message]) => ({ file, message }))
  }
}
