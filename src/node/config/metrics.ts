import { NameForm, PortForm, section } from './text.ts'

export const MetricsForm = section({ host: NameForm, port: PortForm })
