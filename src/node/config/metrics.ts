/** Where figures are shown to monitoring. Loopback unless told otherwise; nobody signs in there. */
import type { Static } from '@sinclair/typebox'
import { NameForm, PortForm, section } from './text.ts'

export const MetricsForm = section({ host: NameForm, port: PortForm })

export type MetricsConfig = Static<typeof MetricsForm>
