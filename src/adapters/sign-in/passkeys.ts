/**
 * Passkeys (WebAuthn level 3) by @simplewebauthn/server: discoverable, always with
 * the person verified by the device. Each challenge signs in once, within ten minutes.
 *
 * A counter that goes back says that two devices hold one key. Which of them is the
 * officer's nobody can tell, so the passkey is suspended and every session of its
 * holder ends. Passkeys that are synchronised do not count (always 0): of those a
 * copy cannot be told.
 */
import type { Selectable } from 'kysely'
import type { Random } from '../../app/ports/random.ts'
import type { Passkey, Passkeys } from '../../app/ports/sign-in.ts'
import { textFromUtf8, utf8 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { isUuid } from '../../base/ids.ts'
import { instantFromMs } from '../../base/time.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import type { SignInTables } from '../postgres/people/tables.ts'
import type { Attempts } from './attempts.ts'
import { type PasskeyAnswer, readPasskeyAnswer } from './passkey-answer.ts'

export type PasskeyParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Random
  readonly attempts: Attempts
  readonly place: { readonly rpId: string; readonly origin: string; readonly name: string }
}

const REGISTRATION = 'passkey-registration'
const PROOF = 'passkey-proof'

/** Loaded with the first passkey that is asked for: a node starts without it. */
const library = () => import('@simplewebauthn/server')

export function createPasskeys(parts: PasskeyParts): Passkeys {
  const { database, atRest, random, attempts, place } = parts
  const { rpId, origin } = place
  const now = () => new Date()

  function newChallenge(kind: string, person: string | null): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(Buffer.from(attempts.begin(kind, { person }), 'base64url'))
  }

  /** The challenge that was answered is one of ours, for this person, and not over. */
  function isOurs(kind: string, { challenge }: PasskeyAnswer, person: string | null): boolean {
    const facts = attempts.look(kind, challenge) as { person: string | null } | undefined
    return facts !== undefined && facts.person === person
  }

  const expected = { expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true }

  return {
    async beginRegistration({ id, name }) {
      const held = await rowsInUse(database, id)
      const { generateRegistrationOptions } = await library()
      const options = await generateRegistrationOptions({
        rpName: place.name,
        rpID: rpId,
        userID: utf8(id) as Uint8Array<ArrayBuffer>,
        userName: name,
        userDisplayName: name,
        challenge: newChallenge(REGISTRATION, id),
        attestationType: 'none',
        excludeCredentials: held.map(({ credential_id }) => ({ id: credential_id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      return options as unknown as Json
    },
    async checkRegistration(personId, given) {
      const answer = readPasskeyAnswer(given)
      if (!answer || !isOurs(REGISTRATION, answer, personId)) return undefined
      const { challenge: expectedChallenge } = answer
      const response = answer.value as never
      const { verifyRegistrationResponse } = await library()
      const made = await held(
        verifyRegistrationResponse({ response, expectedChallenge, ...expected }),
      )
      if (!made?.verified || !(await attempts.use(REGISTRATION, expectedChallenge)))
        return undefined
      const { id, publicKey, counter, transports = [] } = made.registrationInfo.credential
      return { credentialId: id, publicKey, counter, transports }
    },
    async add(officerId, name, passkey) {
      const id = random.uuid()
      const { numInsertedOrUpdatedRows = 0n } = await database
        .insertInto('passkey')
        .values({
          id,
          officer_id: officerId,
          credential_id: passkey.credentialId,
          public_key: passkey.publicKey,
          counter: passkey.counter,
          transports: [...passkey.transports],
          sealed_name: atRest.node.seal(`passkey/${id}/name`, utf8(name)),
          created_at: now(),
        })
        .onConflict((on) => on.column('credential_id').doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows > 0n
    },
    async beginProof(officerId) {
      const own = officerId === undefined ? [] : await rowsOf(database, officerId)
      const { generateAuthenticationOptions } = await library()
      const options = await generateAuthenticationOptions({
        rpID: rpId,
        challenge: newChallenge(PROOF, officerId ?? null),
        userVerification: 'required',
        allowCredentials: own
          .filter(({ suspended_at }) => suspended_at === null)
          .map(({ credential_id }) => ({ id: credential_id })),
      })
      return options as unknown as Json
    },
    async checkProof(given, officerId) {
      const answer = readPasskeyAnswer(given)
      if (!answer || !isOurs(PROOF, answer, officerId ?? null)) return 'wrong'
      const row = await database
        .selectFrom('passkey')
        .selectAll()
        .where('credential_id', '=', answer.id)
        .where('suspended_at', 'is', null)
        .executeTakeFirst()
      if (!row || (officerId !== undefined && row.officer_id !== officerId)) return 'wrong'
      if (answer.userHandle && answer.userHandle !== toBase64Url(utf8(row.officer_id))) {
        return 'wrong'
      }
      const { verifyAuthenticationResponse } = await library()
      const proof = await held(
        verifyAuthenticationResponse({
          response: answer.value as never,
          expectedChallenge: answer.challenge,
          ...expected,
          credential: {
            id: row.credential_id,
            publicKey: new Uint8Array(row.public_key),
            // The library would throw for a copy as for any bad answer; ours to tell apart.
            counter: 0,
          },
        }),
      )
      if (!proof?.verified || !(await attempts.use(PROOF, answer.challenge))) return 'wrong'
      if (await countUp(database, row.id, proof.authenticationInfo.newCounter)) {
        return { officerId: row.officer_id }
      }
      await suspend(parts, row)
      return 'cloned'
    },
    async of(officerId) {
      return (await rowsOf(database, officerId)).map((row) => passkeyOf(atRest, row))
    },
    async remove(officerId, passkeyId) {
      if (!isUuid(passkeyId)) return false
      const { numDeletedRows } = await database
        .deleteFrom('passkey')
        .where('id', '=', passkeyId)
        .where('officer_id', '=', officerId)
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
  }
}

const toBase64Url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

/** The library throws for every answer that does not hold; what it says is for nobody. */
async function held<T>(verified: Promise<T>): Promise<T | undefined> {
  return verified.catch(() => undefined)
}

/** False if the counter does not go up. A device that does not count stays at 0. */
async function countUp(database: Database, id: string, counter: number): Promise<boolean> {
  const row = await database
    .updateTable('passkey')
    .set({ counter, last_used_at: new Date() })
    .where('id', '=', id)
    .where('suspended_at', 'is', null)
    .where((where) =>
      where.or([
        where('counter', '<', String(counter)),
        where.and([where('counter', '=', '0'), where.lit(counter === 0)]),
      ]),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

async function suspend(
  { database, random }: PasskeyParts,
  { id, officer_id }: { id: string; officer_id: string },
): Promise<void> {
  const at = new Date()
  await database.transaction().execute(async (tx) => {
    await tx.updateTable('passkey').set({ suspended_at: at }).where('id', '=', id).execute()
    await tx.deleteFrom('session').where('officer_id', '=', officer_id).execute()
    await tx.deleteFrom('calendar_password').where('officer_id', '=', officer_id).execute()
    await tx
      .insertInto('sign_in_notice')
      .values({ id: random.uuid(), at, kind: 'passkeyCloned', officer_id })
      .execute()
  })
}

function rowsOf(database: Database, officerId: string) {
  return database
    .selectFrom('passkey')
    .selectAll()
    .where('officer_id', '=', officerId)
    .orderBy('created_at')
    .execute()
}

/** A closed account gets its means anew: on a device that it had before, too. */
async function rowsInUse(database: Database, officerId: string) {
  const closed = await database
    .selectFrom('officer')
    .select('id')
    .where('id', '=', officerId)
    .where('left_at', 'is not', null)
    .executeTakeFirst()
  return closed ? [] : rowsOf(database, officerId)
}

function passkeyOf(atRest: AtRest, row: Selectable<SignInTables['passkey']>): Passkey {
  const instantOf = (at: Date | null) => (at ? instantFromMs(at.getTime()) : undefined)
  return {
    id: row.id,
    name: textFromUtf8(atRest.node.open(`passkey/${row.id}/name`, row.sealed_name)),
    createdAt: instantFromMs(row.created_at.getTime()),
    lastUsedAt: instantOf(row.last_used_at),
    suspendedAt: instantOf(row.suspended_at),
  }
}
