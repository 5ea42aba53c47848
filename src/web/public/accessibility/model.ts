/** The accessibility statement. */
import type { CalendarDate } from '../../../base/time.ts'

export type AccessibilityModel = {
  readonly checkedOn: CalendarDate
  readonly enforcement?: { readonly body: string; readonly address: string }
}
