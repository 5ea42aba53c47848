/** What is wrong with a law pack, and where: file, path in it, reason. */
import { type ComityError, malformed } from '../base/errors.ts'

/** Makes the error for a path in a file. */
export type Fail = (path: string, reason: string, message: string) => ComityError

/** `field` is `<file>#<JSON pointer>`, `reason` a stable code. */
export function failIn(file: string): Fail {
  return (path, reason, message) => {
    const field = `${file}#${path}`
    return malformed(`${message} (${field}: ${reason})`, { field, reason })
  }
}
