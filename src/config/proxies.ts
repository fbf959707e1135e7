import type { Proxies } from '../proxies-used.ts'
import type { Environment } from './secrets.ts'

/**
 * The proxies that Node uses for HTTP, in its order of precedence; null if it uses none. `given`: Node's own arguments.
 */
export function proxiesOf(env: Environment, given: readonly string[] = process.execArgv): Proxies | null {
  const http = env.http_proxy || env.HTTP_PROXY || null
  const https = env.https_proxy || env.HTTPS_PROXY || null
  const isOn = areTaken(env, given) && (http !== null || https !== null)
  return isOn ? { http, https, except: env.no_proxy || env.NO_PROXY || '' } : null
}

/** A switch that somebody set but Node does not understand, so that it uses no proxy; null if there is none. */
export function misreadProxySwitch(env: Environment, given: readonly string[] = process.execArgv): string | null {
  const { NODE_USE_ENV_PROXY: value } = env
  return !value || ['0', '1'].includes(value) || areTaken(env, given) ? null : value
}

/** Says what is wrong with the proxies that Node would use, and what to do. Their addresses may contain passwords. */
export function proxyProblems(env: Environment, given: readonly string[] = process.execArgv): string[] {
  if (!areTaken(env, given)) return []
  return names.flatMap((name) => {
    const [, scheme] = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(env[name] ?? '') ?? []
    if (scheme === undefined || /^https?:$/i.test(scheme)) return []
    return [
      `${name} begins with ${scheme}//, and Countersign goes through HTTP proxies only: give the address of one, which begins with http:// or https://.`,
    ]
  })
}

/** A sentence about proxies that the environment names but Node does not use; null if there are none. */
export function unusedProxies(env: Environment, given: readonly string[] = process.execArgv): string | null {
  const named = names.filter((name) => env[name])
  if (named.length === 0 || areTaken(env, given)) return null
  return `Without NODE_USE_ENV_PROXY=1 Node does not use the proxy that ${named.join(' and ')} names.`
}

/** The passwords in their addresses: as written, as meant, and as they are sent to the proxy. */
export function proxyPasswords(env: Environment): string[] {
  return names.flatMap((name) => {
    const { username = '', password = '' } = URL.parse(env[name] ?? '') ?? {}
    if (password === '') return []
    const [user, meant] = [decoded(username), decoded(password)]
    const written = [password, meant].filter(({ length }) => length >= shortestToStrike)
    return [...new Set([Buffer.from([user, meant].join(':')).toString('base64'), ...written])]
  })
}

/** Something shorter is part of other words, and a log without them can't be read. */
const shortestToStrike = 6

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** True if these words say that a call did not arrive, or had no answer. */
export function tellOfNoConnection(words: string): boolean {
  return /the connection to \S+ failed|did not answer in time/.test(words)
}

const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const

/** Decides as Node does: the last option counts, and its own arguments come after those of the environment. */
function areTaken({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: Environment, given: readonly string[]): boolean {
  const options = [...NODE_OPTIONS.split(/\s+/), ...given].map((option) => option.replaceAll('_', '-'))
  const last = options.findLast((option) => /^--(no-)?use-env-proxy$/.test(option))
  return last === undefined ? NODE_USE_ENV_PROXY === '1' : last === '--use-env-proxy'
}
