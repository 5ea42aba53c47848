/**
 * The oblivious function of matching (RFC 9497, VOPRF, ristretto255-SHA512). All byte
 * strings are base64. A key is made for one answer and forgotten with it, so that marks of
 * two answers cannot be compared.
 */

/** Who asked whom: an answer holds for these two only. */
export type MatchParties = { readonly asker: string; readonly answerer: string }

export type MatchAnswer = {
  readonly publicKey: string
  /** One for each that was asked, in its order. */
  readonly evaluated: readonly string[]
  readonly proof: string
  /** Of what the answerer holds, sorted, filled up to a fixed number. */
  readonly marks: readonly string[]
}

export type Blinded = { readonly blinds: readonly string[]; readonly blinded: readonly string[] }

export type Matching = {
  blind(parties: MatchParties, identifiers: readonly string[]): Blinded
  /** @throws ComityError `malformed` if something asked is no element of the group */
  answer(parties: MatchParties, asked: readonly string[], own: readonly string[]): MatchAnswer
  /**
   * Which of the identifiers the answerer holds too.
   *
   * @throws ComityError `malformed` if the answer does not belong to what was asked
   */
  hits(
    parties: MatchParties,
    question: Blinded & { readonly identifiers: readonly string[] },
    answer: MatchAnswer,
  ): readonly string[]
  /** Counts one question of a peer; false: it has asked as often as it may on this day. */
  take(peer: string, day: string): Promise<boolean>
}
