/** A list as a CSV or XLSX file, with the names of its columns in the reader's language. */
import type { FastifyReply } from 'fastify'
import type { TableFormat } from '../../app/ports/tables.ts'
import type { Messages } from '../messages.ts'
import { sendFile } from '../site-kit.ts'
import type { OfficerTurn } from './session.ts'

const MEDIA = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export function messagesOf({ kit, lang }: OfficerTurn): Messages {
  return kit.renderer.catalogues.messagesFor(lang, 'officers')
}

type List = {
  readonly name: string
  /** Keys of the catalogue. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The format is what the sent form says. */
export async function sendList(
  turn: OfficerTurn,
  reply: FastifyReply,
  { name, columns, rows }: List,
): Promise<FastifyReply> {
  const format: TableFormat = turn.sent['format'] === 'xlsx' ? 'xlsx' : 'csv'
  const { t } = messagesOf(turn)
  const table = { columns: columns.map((key) => t(key)), rows }
  const bytes = await turn.kit.kernel.desk.tables.write(table, format)
  return sendFile(reply, { name: `${name}.${format}`, mediaType: MEDIA[format], bytes })
}
