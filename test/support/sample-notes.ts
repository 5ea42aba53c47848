/** Golden notes of the specifications' examples and of a published test log. */
export const NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`
export const FOO = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
export const LOG = 'authority.example/ledger+706db281+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'
export const WITNESS = 'witness.example/w1+e81c5069+BHEmUfRQugW2OJi5nvX3ukVjLo4lJ/f3Fc1nHsQCTMUe'
export const ROOT_256 = 'goUV0DPBnYyQHzfsy4rtkZZncDSG+NL/8c9wQDIcXbE='
export const ROOT_257 = 'HtoEmkNR2G92JSvX7At3Rq11t/oDFq1fVB29pFijEsQ='
export const LOG_LINE =
  '— authority.example/ledger cG2ygSJadZC+zlMNiTZIT/CsuoRqJSFOf6uZXYSay5l0CtbwVUwSRBtUgCg64UZ7ToV+/CDcLQqI4DoBNW0yvmmfbwM=\n'
export const WITNESS_LINE =
  '— witness.example/w1 6BxQaQAAAABrSdIA+w9WnOcvO0h9McjMMDUJEPsXPpjGskn7bak3U1WHvMbCbrDSFRnkx19OyP6XJnuMRttBoY5vAng2wtiEGDPnBQ==\n'
export const BODY = `authority.example/ledger\n257\n${ROOT_257}\n`
export const CHECKPOINT = `${BODY}\n${LOG_LINE}${WITNESS_LINE}`
export const PROOF = `c2sp.org/tlog-proof@v1\nindex 256\n${ROOT_256}\n\n${CHECKPOINT}`
export const POLICY = `log ${LOG}\nwitness w ${WITNESS}\nquorum w\n`
export const ENTRY = Buffer.from('256').toString('base64')
