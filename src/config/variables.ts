/** Secrets. Each may be in a file instead, which `NAME_FILE` names. */
export const secretVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'AUDIT_KEY',
  'AUDIT_KEY_PREVIOUS',
  'CREDENTIALS_KEY',
] as const
export type SecretVariable = (typeof secretVariables)[number]

/** The secret of every stack that names no other variable for its own. */
export const defaultAuthtoken = 'CONTENTSTACK_AUTHTOKEN'

const plainVariables = [
  'SLACK_API_URL',
  'PORT',
  'COUNTERSIGN_CONFIG',
  'COUNTERSIGN_DB',
  'HEALTH_PORT',
  'LISTEN_HOST',
  'LOG_LEVEL',
] as const
export type PlainVariable = (typeof plainVariables)[number]

/** Read by the driver of PostgreSQL. */
const driverVariables = ['PGPASSFILE'] as const

/** All of the environment that the app reads, but for what the file names and for proxies, which are a matter of Node. */
export const variables = [...secretVariables, defaultAuthtoken, ...plainVariables, ...driverVariables] as const
