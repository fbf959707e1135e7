import { type Answer, answers, unknownToken } from './answers.ts'
import { timed, type WireToken } from './wire-token.ts'
import type { World } from './world.ts'

export type Asked = {
  method: string
  path: string
  query: URLSearchParams
  header(name: string): string | undefined
  /** The body as JSON; undefined if there was none or it isn't JSON. */
  body: unknown
  /** The body as a form; empty if it isn't one. */
  form: URLSearchParams
}

const tokenPath = /^\/v3\/stacks\/management_tokens\/([^/]+)$/

/** Tells if a request reads tokens: all of them, or one. */
export function readsTokens({ method, path }: Asked): 'list' | 'one' | null {
  if (method !== 'GET') return null
  if (path === '/v3/stacks/management_tokens') return 'list'
  return tokenPath.test(path) ? 'one' : null
}

/** The uid that an update is about; undefined for any other request. */
export function updatedToken({ method, path }: Asked): string | undefined {
  return method === 'PUT' ? decode(tokenPath.exec(path)?.[1]) : undefined
}

/** The reason a request gets no real answer: who asks, and about which stack. Source: contentstack.md §7. */
export function turnedAway(asked: Asked, world: World, letsIn: (authorization: string) => boolean): Answer | null {
  if (!isLetIn(asked, world, letsIn)) return answers.notLoggedIn
  if (asked.path.startsWith('/v3/organizations/') || asked.header('api_key') === world.apiKey) return null
  return world.behaviour.wrongApiKey === 412 ? answers.invalidApiKey : answers.stackNotFound
}

/** By exactly one credential: who sends two means neither. */
function isLetIn({ header }: Asked, { authtoken }: World, letsIn: (authorization: string) => boolean): boolean {
  const [own, bearer] = [header('authtoken'), header('authorization')]
  return bearer === undefined ? own === authtoken : own === undefined && letsIn(bearer)
}

/** The answer to a read, which shows `tokens`. Sources: contentstack.md §1, §3, §8. */
export function read(asked: Asked, world: World, tokens: readonly WireToken[]): Answer {
  const { path } = asked
  const shown = tokens.map((token) => timed(token, world.behaviour))
  if (asked.method !== 'GET') return answers.noSuchAddress
  if (path === '/v3/stacks') return { status: 200, body: { stack: stackRecord(world) } }
  if (path === '/v3/stacks/management_tokens') return page(asked, 'tokens', shown)
  if (path === '/v3/stacks/branches') return page(asked, 'branches', branchRecords(world))
  if (path === '/v3/stacks/branch_aliases') return page(asked, 'branch_aliases', aliasRecords(world))
  if (path === `/v3/organizations/${world.organisation}`) return organisation(asked, world)
  const uid = decode(tokenPath.exec(path)?.[1])
  if (uid === undefined) return answers.noSuchAddress
  const token = shown.find((each) => each.uid === uid)
  return token ? { status: 200, body: { token } } : unknownToken(world.behaviour.unknownToken)
}

function decode(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The stack returns at most 100 records at once, however many are asked for. */
function page({ query }: Asked, key: string, records: readonly unknown[]): Answer {
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise)
  const skip = number('skip', 0)
  const shown = records.slice(skip, skip + Math.min(number('limit', 100), 100))
  const count = query.get('include_count') === 'true' ? { count: records.length } : {}
  return { status: 200, body: { [key]: shown, ...count } }
}

function stackRecord({ title, apiKey, organisation, branchesEnabled }: World) {
  return {
    uid: 'blt5c1de00000005a7c',
    name: title,
    org_uid: organisation,
    api_key: apiKey,
    /** The real answer can carry one, so tests must see readers drop it. Source: contentstack.md §8. */
    master_key: 'cs-EXAMPLE-MASTER-KEY',
    master_locale: 'en-us',
    settings: { version: '2019-04-30', ...(branchesEnabled && { branches: true }) },
  }
}

function branchRecords({ branches, aliases }: World) {
  return branches.map((uid) => ({
    uid,
    source: uid === 'main' ? '' : 'main',
    alias: aliases.filter(({ target }) => target === uid).map(({ alias }) => ({ uid: alias })),
  }))
}

/** `alias` is the alias; `uid` is the branch that it points to. */
function aliasRecords({ aliases }: World) {
  return aliases.map(({ alias, target }) => ({ uid: target, source: '', deleted_at: false, alias }))
}

function organisation({ query }: Asked, { organisation, organisationLimits }: World): Answer {
  if (organisationLimits === null) return answers.forbidden
  const { read, write } = organisationLimits
  const features = [
    { uid: 'managementTokensLimit', name: 'Management Tokens Limit', enabled: true, limit: 10, max_limit: 10 },
    { uid: 'getLimit', name: 'GET Requests Limit', enabled: true, limit: read, max_limit: read },
    { uid: 'limit', name: 'API Requests Limit', enabled: true, limit: write, max_limit: write },
  ]
  const plan = query.get('include_plan') === 'true' ? { plan: { plan_id: 'plan_id', features } } : {}
  return { status: 200, body: { organization: { uid: organisation, name: 'Example', ...plan } } }
}
