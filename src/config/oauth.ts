import { appUrlOf, type Region } from '../contentstack/regions.ts'
import { databaseOf } from './database.ts'
import { shortestKey } from './mistaken-values.ts'
import type { OAuthFile } from './oauth-file.ts'
import type { Reading } from './reading.ts'
import type { OAuthConfig } from './settings.ts'

/** With the empty text for a key that is missing, and for a database that can't be used. */
export function oauthOf(file: OAuthFile, region: Region, reading: Reading): OAuthConfig {
  const appUrl = (file.app_url ?? appUrlOf(region)).replace(/\/+$/, '')
  const { client_secret_env: secretIn } = file
  return {
    appUid: file.app_uid,
    clientId: file.client_id,
    clientSecret: (secretIn && reading.clientSecret(secretIn).value) ?? null,
    redirectUri: file.redirect_uri,
    appUrl,
    tokenUrl: file.token_url ?? `${appUrl}/apps-api/token`,
    key: reading.secret('CREDENTIALS_KEY') ?? '',
    database: databaseOf(reading) ?? '',
  }
}

/** Reports what these stacks need and the environment lacks. */
export function requireOAuth(reading: Reading, isWanted: (stack: string) => boolean): void {
  const { problems, isMistaken } = reading
  const apps = (reading.settings()?.stacks ?? []).flatMap(({ name, oauth }) => (oauth && isWanted(name) ? [oauth] : []))
  if (apps.length === 0) return
  const key = reading.secret('CREDENTIALS_KEY')
  if (key === undefined)
    problems.push(
      'CREDENTIALS_KEY is missing: the tokens of OAuth are encrypted with it in the database. Make one with "openssl rand -hex 32", and keep it apart from the database.',
    )
  else if (key.length < shortestKey && !isMistaken('CREDENTIALS_KEY'))
    problems.push(
      `CREDENTIALS_KEY is shorter than ${shortestKey} characters: make one with "openssl rand -hex 32", and keep it apart from the database.`,
    )
  for (const name of secretNames(apps))
    if (reading.clientSecret(name).value === undefined)
      problems.push(
        `${name} is missing: it is the client secret of a Contentstack OAuth app (or give its file in ${name}_FILE).`,
      )
}

function secretNames(apps: readonly OAuthFile[]): readonly string[] {
  return [...new Set(apps.flatMap(({ client_secret_env: name }) => name ?? []))]
}

/** The variables that hold the client secrets of stacks. */
export function clientSecretsIn({ settings }: Reading): readonly string[] {
  return secretNames((settings()?.stacks ?? []).flatMap(({ oauth }) => oauth ?? []))
}
