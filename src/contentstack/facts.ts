import { z } from 'zod'
import type { StackFacts, Unread } from '../domain/token/token.ts'
import type { Http } from './http.ts'
import { allRecords } from './pages.ts'
import {
  aliasRecord,
  branchRecord,
  faultsInWords,
  isDeleted,
  organisationAnswer,
  requestLimit,
  stackAnswer,
} from './wire.ts'

type Options = {
  readonly organisation: string | undefined
  /** The reason the stack refused, as a clause; null for any other failure, which is thrown on. */
  readonly whyRefused: (error: unknown) => string | null
}

/** Everything except `rateLimitsGoverned`, which the configuration decides. Sources: contentstack.md §3, §8. */
export async function readFacts(
  http: Http,
  { organisation, whyRefused }: Options,
): Promise<Omit<StackFacts, 'rateLimitsGoverned'>> {
  const { stack } = stackAnswer.parse(await http.get('stacks', {}, { organization_uid: organisation }))
  const branchesEnabled = stack.settings?.branches ?? false
  const [branches, aliases, organisationLimits] = await Promise.all([
    branchesEnabled ? listOr(whyRefused, allRecords(http, 'stacks/branches', 'branches')) : nothing,
    branchesEnabled ? listOr(whyRefused, allRecords(http, 'stacks/branch_aliases', 'branch_aliases')) : nothing,
    readLimits(http, stack.org_uid || organisation),
  ])
  const there = readable(branches.records, branchRecord)
  const pointers = readable(aliases.records, aliasRecord)
  const [once, twice] = partedByTarget(pointers.read)
  const unlisted = both(branches.why, aliases.why)
  const unread = both(unreadOf(there.faults), unreadOf([...pointers.faults, ...twice.map(() => pointsTwice)]))
  return {
    title: stack.name,
    branchesEnabled,
    branches: [...new Set(there.read.map(({ uid }) => uid))],
    aliases: once.map(({ alias }) => alias),
    aliasTargets: Object.fromEntries(
      once.flatMap(({ alias, uid }) => (uid === undefined ? [] : [[alias, uid] as const])),
    ),
    ...(unlisted && { unlisted }),
    ...(unread && { unread }),
    organisationLimits,
  }
}

/** Undefined if there is nothing to say about either. */
function both<T>(branches: T | null, aliases: T | null) {
  if (branches === null && aliases === null) return undefined
  return { ...(branches !== null && { branches }), ...(aliases !== null && { aliases }) }
}

/**
 * The records that are not deleted, as far as they can be read. One that can't be read is left out and does not block
 * the others.
 */
function readable<T>(records: readonly unknown[], shape: z.ZodType<T>): { read: T[]; faults: string[] } {
  const found = records.filter((record) => !isDeleted(record)).map((record) => shape.safeParse(record))
  return {
    read: found.flatMap(({ data }) => (data === undefined ? [] : [data])),
    faults: found.flatMap(({ error }) => (error === undefined ? [] : [faultsInWords(error, 'it')])),
  }
}

function unreadOf(faults: readonly string[]): Unread | null {
  const [why] = faults
  return why === undefined ? null : { count: faults.length, why }
}

type Alias = z.infer<typeof aliasRecord>

const pointsTwice = 'the list has it twice, with different content'

/** Each alias once, and the aliases whose branch nobody can tell, since the list names several. */
function partedByTarget(pointers: readonly Alias[]): [Alias[], string[]] {
  const byName = new Map<string, Alias[]>()
  for (const one of pointers) byName.set(one.alias, [...(byName.get(one.alias) ?? []), one])
  const isClear = (all: readonly Alias[]) => new Set(all.map(({ uid }) => uid)).size === 1
  const once = [...byName.values()].flatMap((all) => (isClear(all) ? all.slice(0, 1) : []))
  return [once, [...byName].flatMap(([alias, all]) => (isClear(all) ? [] : [alias]))]
}

type Listed = { readonly records: readonly unknown[]; readonly why: string | null }

const nothing: Listed = { records: [], why: null }

/**
 * There may be no list of branches or aliases: a plan or an account may have none. Every edit that needs neither is
 * still possible.
 */
async function listOr(whyRefused: Options['whyRefused'], list: Promise<unknown[]>): Promise<Listed> {
  try {
    return { records: await list, why: null }
  } catch (error) {
    const why = whyRefused(error)
    if (why === null) throw error
    return { records: [], why }
  }
}

/** Null if the plan can't be read: many accounts may not see it, and the app only checks a form against it. */
async function readLimits(http: Http, organisation: string | undefined) {
  if (organisation === undefined) return null
  const path = `organizations/${encodeURIComponent(organisation)}`
  const answer = await http.get(path, { include_plan: 'true' }, { api_key: undefined }).catch(() => null)
  const read = organisationAnswer.safeParse(answer)
  if (!read.success) return null
  const limit = (uid: string) => read.data.organization.plan.features.find((feature) => feature?.uid === uid)?.limit
  const limits = z.object({ read: requestLimit, write: requestLimit })
  return limits.safeParse({ read: limit('getLimit'), write: limit('limit') }).data ?? null
}
