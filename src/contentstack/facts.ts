import { z } from 'zod'
import type { StackFacts } from '../domain/token.ts'
import type { Http } from './http.ts'
import { allRecords } from './pages.ts'
import { aliasRecord, branchRecord, isDeleted, organisationAnswer, requestLimit, stackAnswer } from './wire.ts'

type Options = {
  readonly organisation: string | undefined
  /** Why the stack refused what was asked, as a clause; null for every other failure, which is thrown on. */
  readonly whyRefused: (error: unknown) => string | null
}

/** Everything but `rateLimitsGoverned`, which the configuration decides. Sources: contentstack.md §3, §8. */
export async function readFacts(
  http: Http,
  { organisation, whyRefused }: Options,
): Promise<Omit<StackFacts, 'rateLimitsGoverned'>> {
  const { stack } = stackAnswer.parse(await http.get('stacks', {}, { organization_uid: organisation }))
  const branchesEnabled = stack.settings?.branches ?? false
  const [branches, aliases, organisationLimits] = await Promise.all([
    branchesEnabled ? listOr(whyRefused, allRecords(http, 'stacks/branches', 'branches')) : nothing,
    branchesEnabled ? listOr(whyRefused, allRecords(http, 'stacks/branch_aliases', 'branch_aliases')) : nothing,
    readLimits(http, stack.org_uid ?? organisation),
  ])
  const there = branches.records.map((record) => branchRecord.parse(record)).filter((one) => !isDeleted(one))
  const pointers = aliases.records.map((record) => aliasRecord.parse(record)).filter((one) => !isDeleted(one))
  const unlisted = {
    ...(branches.why !== null && { branches: branches.why }),
    ...(aliases.why !== null && { aliases: aliases.why }),
  }
  return {
    title: stack.name,
    branchesEnabled,
    branches: there.map(({ uid }) => uid),
    aliases: [...new Set(pointers.map(({ alias }) => alias))],
    aliasTargets: Object.fromEntries(
      pointers.flatMap(({ alias, uid }) => (uid === undefined ? [] : [[alias, uid] as const])),
    ),
    ...(Object.keys(unlisted).length > 0 && { unlisted }),
    organisationLimits,
  }
}

type Listed = { readonly records: readonly unknown[]; readonly why: string | null }

const nothing: Listed = { records: [], why: null }

/** A plan or an account may have no branches or aliases to list: every edit that needs none of them is possible all the same. */
async function listOr(whyRefused: Options['whyRefused'], list: Promise<unknown[]>): Promise<Listed> {
  try {
    return { records: await list, why: null }
  } catch (error) {
    const why = whyRefused(error)
    if (why === null) throw error
    return { records: [], why }
  }
}

/** Null when the plan can't be read: many accounts may not see it, and the app only checks a form against it. */
async function readLimits(http: Http, organisation: string | undefined) {
  if (organisation === undefined) return null
  const path = `organizations/${encodeURIComponent(organisation)}`
  const answer = await http.get(path, { include_plan: 'true' }, { api_key: undefined }).catch(() => null)
  const read = organisationAnswer.safeParse(answer)
  if (!read.success) return null
  const limit = (uid: string) => read.data.organization.plan.features.find((feature) => feature.uid === uid)?.limit
  const limits = z.object({ read: requestLimit, write: requestLimit })
  return limits.safeParse({ read: limit('getLimit'), write: limit('limit') }).data ?? null
}
