/** The child process that talks to a token. The PIN comes over its channel, first. */
import { openToken, type Token, TokenError } from './pkcs11-module.ts'

export type TokenCall =
  | { readonly act: 'open'; readonly library: string; readonly token: string; readonly pin: string }
  | { readonly act: 'publicKey' | 'makeSigner' | 'wrappingKey'; readonly label: string }
  | { readonly act: 'sign' | 'unwrap'; readonly label: string; readonly bytes: Uint8Array }

let token: Token | undefined

process.on('message', ({ id, call }: { id: number; call: TokenCall }) => {
  try {
    process.send?.({ id, bytes: answer(call) })
  } catch (error) {
    process.send?.({ id, reason: error instanceof TokenError ? error.reason : 'library' })
  }
})
process.on('disconnect', () => process.exit())

function answer(call: TokenCall): Uint8Array {
  if (call.act === 'open') {
    token = openToken(call.library, call.token, call.pin)
    return new Uint8Array()
  }
  if (!token) throw new TokenError('login')
  switch (call.act) {
    case 'publicKey':
      return token.publicKey(call.label)
    case 'wrappingKey':
      return token.wrappingKey(call.label)
    case 'makeSigner':
      token.makeSigner(call.label)
      return new Uint8Array()
    case 'sign':
      return token.sign(call.label, Buffer.from(call.bytes))
    case 'unwrap':
      return token.unwrap(call.label, Buffer.from(call.bytes))
  }
}
