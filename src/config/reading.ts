import type { Proxies } from '../proxies-used.ts'
import { aroundIt, bare, looksLikeSecret } from './mistaken-values.ts'
import { proxiesOf } from './proxies.ts'
import { type Environment, readSecret, type Secret } from './secrets.ts'
import { ConfigProblems } from './settings.ts'
import { type ConfigFile, readConfigFile } from './settings-file.ts'
import { defaultAuthtoken, type PlainVariable, type SecretVariable } from './variables.ts'

const belongs: Readonly<Record<PlainVariable, string>> = {
  SLACK_API_URL: 'leave it out to use Slack itself',
  PORT: 'put a port number there',
  COUNTERSIGN_CONFIG: 'put the path of your countersign.yaml there',
  COUNTERSIGN_DB: 'put the path of the database there, or the address of one in PostgreSQL',
  HEALTH_PORT: 'put a port number there, or leave it out',
  LISTEN_HOST: 'put an address of this machine there, or leave it out',
  LOG_LEVEL: 'put debug, info, warn or error there, or leave it out',
}

type Known<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> }

export type Reading = ReturnType<typeof readingOf>

/**
 * The settings in an environment and its file: each part is read when asked for, and everything wrong with it is added
 * to `problems`, with what to do. A part that can't be used is undefined. `hint`: to tell after what is missing.
 */
export function readingOf(env: Environment, hint: string | null = null) {
  const problems: string[] = []
  const isGiven = (name: PlainVariable) => Boolean(env[name])
  const read = (secret: Secret) => readSecret(env, secret, problems)
  const secret = (name: SecretVariable) => read({ name, kind: name }).value
  const isMistaken = (name: SecretVariable) => read({ name, kind: name }).isMistaken
  const unlessMistaken = <T>(name: SecretVariable, part: T | undefined) => (isMistaken(name) ? null : (part ?? null))
  /** In a variable that the file names. */
  const authtoken = (name: string) => read({ name, kind: 'authtoken' })
  const clientSecret = (name: string) => read({ name, kind: 'client secret' })
  const webhook = (name: string) => read({ name, kind: 'webhook' })
  const proxies = (): Proxies | null => proxiesOf(env)
  let file: ConfigFile | null | undefined
  return {
    ...{ problems, variable, isGiven, secret, isMistaken, unlessMistaken, authtoken, clientSecret, webhook },
    ...{ proxies, settings, authtokens, unlessWrong },
  }

  function variable(name: PlainVariable): string | undefined {
    const value = env[name]
    const around = value ? aroundIt(value) : null
    if (around !== null) problems.push(`${name} ${around}`)
    if (!value || !looksLikeSecret(value)) return value && bare(value)
    problems.push(`${name} holds what looks like a secret, which belongs in another variable: ${belongs[name]}.`)
    return undefined
  }

  /** The content of the file; null if it can't be used. */
  function settings(): ConfigFile | null {
    if (file === undefined) file = fileAt(variable('COUNTERSIGN_CONFIG'))
    return file
  }

  function fileAt(path: string | undefined): ConfigFile | null {
    if (path) return readConfigFile(path, problems)
    // A value that can't be a path has been told of.
    if (env.COUNTERSIGN_CONFIG) return null
    problems.push(
      'COUNTERSIGN_CONFIG is missing: set it to the path of your countersign.yaml (see countersign.example.yaml).',
    )
    return null
  }

  /** The variables that hold these stacks' authtokens, or the default one for a stack that names none. */
  function authtokens(isWanted: (stack: string) => boolean = () => true): readonly string[] {
    const wanted = settings()?.stacks.filter(({ name, oauth }) => isWanted(name) && !oauth)
    return [...new Set(wanted?.map(({ authtoken_env = defaultAuthtoken }) => authtoken_env) ?? [defaultAuthtoken])]
  }

  /**
   * The parts as read. Throws ConfigProblems with everything that is wrong with any of them, not only the first thing.
   */
  function unlessWrong<T extends object>(parts: T): Known<T> {
    const lacks = problems.some((problem) => / is (?:missing:|not set,)/.test(problem))
    if (problems.length > 0) throw new ConfigProblems([...new Set([...problems, ...(lacks && hint ? [hint] : [])])])
    return parts as Known<T>
  }
}
