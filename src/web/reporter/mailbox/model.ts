/** The mailbox of a report: what is in it is fetched by the script and opened in the browser. */
export type MailboxModel = {
  readonly mailbox: {
    readonly origin: string
    readonly inner: readonly string[]
  }
  readonly openAddress: string
  readonly writeAddress: string
  readonly deleteAddress: string
  readonly creditAddress: string
  /** With `ID` where the certificate's number stands. */
  readonly certificateAddress: string
  readonly ticketAddress: string
  readonly textMax: number
}
