import { credentialOf } from '../../app/credential-of.ts'
import type { StackConfig } from '../../config/settings.ts'
import { isLeftToTheApp } from '../../contentstack/oauth/words.ts'
import { regions } from '../../contentstack/regions.ts'
import { type ContentstackStack, createStack } from '../../contentstack/stack.ts'
import { endOf } from '../../domain/outside-trouble.ts'
import { ratesInWords } from '../../domain/token/rate-limits.ts'
import { error, type Finding, lookAll, ok, reasonOf, type Said, warning } from './finding.ts'
import { rateLimitsSay } from './rate-limits.ts'

/** Everything that one stack says with its credential: if it does not take that, nothing else is asked. */
export async function stackSays(config: StackConfig): Promise<Finding[]> {
  const { name, oauth } = config
  if (oauth?.database === '') return [{ area: `${name}: credential`, ...notAsked }]
  const area = (of: string) => `${name}: ${of}`
  const unreadable: string[] = []
  const onUnreadable = (uid: string, why: string) => unreadable.push(`${uid} (${why})`)
  // It throws for a credential that can't be sent at all.
  const connecting = (async () => {
    const credential = credentialOf(config, { renews: false })
    return createStack({ ...config, credential, writeTimeoutMs: 10_000, onUnreadable })
  })()
  const first = await lookAll([
    { area: area('region'), look: async () => regionSays(config) },
    { area: area('credential'), look: () => credentialSays(connecting, config) },
  ])
  if (first.some(({ level }) => level !== 'ok')) return first
  const stack = await connecting
  const facts = stack.facts()
  facts.catch(() => {})
  const others = await lookAll([
    { area: area('tokens'), look: async () => tokensSay((await stack.tokens()).length, new Set(unreadable)) },
    { area: area('branches'), look: async () => branchesSay(await facts) },
    {
      area: area('rate limits'),
      look: async () => rateLimitsSay(await stack.rateLimitPaths(), config.rateLimitFields),
    },
    { area: area('allowance'), look: async () => allowanceSays((await facts).organisationLimits, config) },
  ])
  return [...first, ...others]
}

const notAsked = warning(
  "The stack was not asked, since its OAuth access is in the database, and COUNTERSIGN_DB can't be used.",
)

type Facts = Awaited<ReturnType<ContentstackStack['facts']>>

/**
 * No public call tells the role behind an authtoken; only owners and admins may see tokens. Source: contentstack.md §5.
 */
async function credentialSays(connecting: Promise<ContentstackStack>, config: StackConfig): Promise<Said> {
  const { name, authtoken, oauth } = config
  try {
    const stack = await connecting
    await stack.check()
    return oauth ? readsByOAuth(name) : readsByAuthtoken
  } catch (failure) {
    if (authtoken === '' && !oauth)
      return error(`There is no authtoken for ${name} that can be used, so the stack was not asked.`)
    if (isLeftToTheApp(failure)) return warning(reasonOf(failure), 'Start Countersign, then run the doctor again.')
    if (endOf(failure) === 'itself')
      return error(
        `${reasonOf(failure)} So it is not known whether the ${oauth ? 'OAuth access' : 'authtoken'} is accepted.`,
        'Wait until the stack answers, or fix what is named here; then run the doctor again.',
      )
    return error(reasonOf(failure), oauth ? instead(name) : itsRegion)
  }
}

const readsByAuthtoken = ok(
  'The authtoken can read the tokens, as only owners and admins can. Whether it can edit them will show at the first edit.',
)
const itsRegion = 'An API key and an authtoken work in their own region only: is it the right one?'

function readsByOAuth(name: string): Said {
  return ok(
    `The OAuth access can read the tokens of ${name}. Whether it can edit them will show at the first edit: Contentstack documents that, but it has never been seen in use.`,
  )
}

function instead(name: string): string {
  return `If this stays so, leave oauth out of the settings of ${name}, and use an authtoken: the way that is known to work.`
}

function regionSays({ baseUrl, oauth }: StackConfig): Said {
  const granted = oauth ? ` Its access tokens come from ${new URL(oauth.tokenUrl).host}.` : ''
  return ok(`Requests go to ${placeOf(baseUrl)}.${granted}`)
}

function placeOf(baseUrl: string): string {
  const { host } = new URL(baseUrl)
  const region = Object.entries(regions).find(([, of]) => of === host)?.[0]
  return region ? `${host} (region ${region})` : `${host} (base_url)`
}

function tokensSay(count: number, unreadable: ReadonlySet<string>): Said | Said[] {
  const seen = ok(`${counted(count, 'token')} can be read.`)
  const others = [...unreadable].map((one) =>
    warning(`The token ${one} is not understood, and can't be edited here.`, 'Edit it in Contentstack.'),
  )
  return [seen, ...others]
}

function branchesSay({ branchesEnabled, branches, aliases, unlisted = {}, unread = {} }: Facts): Said | Said[] {
  if (!branchesEnabled) return ok('Branches are off.')
  const count = [
    unlisted.branches === undefined && counted(branches.length, 'branch', 'branches'),
    unlisted.aliases === undefined && counted(aliases.length, 'alias', 'aliases'),
  ].filter((text) => text !== false)
  return [ok(`Branches are on${count.length > 0 ? `: ${count.join(', ')}` : ''}.`), ...notOffered(unlisted, unread)]
}

function notOffered(unlisted: NonNullable<Facts['unlisted']>, unread: NonNullable<Facts['unread']>): Said[] {
  return (['branches', 'aliases'] as const).flatMap((kind) => {
    const [why, odd] = [unlisted[kind], unread[kind]]
    const todo = `Everything else can be edited here; add ${kind} in Contentstack.`
    if (why !== undefined) return [warning(`The ${kind} were not listed (${why}), so none can be added here.`, todo)]
    if (odd === undefined) return []
    return [
      warning(`${odd.count} of the ${kind} can't be read (the first: ${odd.why}), so they can't be added here.`, todo),
    ]
  })
}

function allowanceSays(limits: Facts['organisationLimits'], { rateLimitFields, requestsPerSecond }: StackConfig): Said {
  const own = `Countersign uses at most ${requestsPerSecond}`
  if (!limits) {
    const says = `This account can't see what the organisation's plan allows; ${own}; usually 10 requests a second are allowed.`
    const todo = "Without it, the form can't say when a token's rate limit is higher than the plan allows."
    return rateLimitFields ? warning(says, todo) : ok(says)
  }
  const says = `The organisation may send ${ratesInWords(limits)}. ${own}.`
  if (requestsPerSecond <= Math.min(limits.read, limits.write)) return ok(says)
  return warning(says, 'Lower requests_per_second: all clients of the organisation share the allowance.')
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`
}
