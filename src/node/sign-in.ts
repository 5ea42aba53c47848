/** How people sign in to a node, from its configuration. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { oidcProviders, type ProviderConfig } from '../adapters/sign-in/oidc.ts'
import { createSignIn } from '../adapters/sign-in/sign-in.ts'
import type { Random } from '../app/ports/random.ts'
import type { SignIn } from '../app/ports/sign-in.ts'
import { linkTo } from '../web/routes.ts'
import { passkeyPlaceOf } from './config/sign-in.ts'
import type { NodeConfig } from './config.ts'

export type OpenSignInParts = {
  readonly config: NodeConfig
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Random
}

export function openSignIn({ config, database, atRest, random }: OpenSignInParts): SignIn {
  const { node, listeners, signIn, folder } = config
  const { url } = listeners.officers
  const place = passkeyPlaceOf(url, signIn)
  const configs = (signIn.oidc ?? []).map(({ clientSecretFile, ...one }): ProviderConfig => {
    if (clientSecretFile === undefined) return one
    const clientSecret = readFileSync(resolve(folder, clientSecretFile), 'utf8').trim()
    return { ...one, clientSecret }
  })
  const redirectUri = (provider: string) => url + linkTo('en', 'officerProviderBack', { provider })
  return createSignIn({
    database,
    atRest,
    random,
    ...(place ? { passkeyPlace: { ...place, name: node.name } } : {}),
    providers: (attempts) => oidcProviders({ database, random, attempts, configs, redirectUri }),
    oneTime: signIn.oneTime !== undefined && node.profile === 'demo',
  })
}
