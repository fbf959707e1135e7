import { z } from 'zod'
import type { StackFacts } from '../domain/token.ts'
import type { Http } from './http.ts'
import { allRecords } from './pages.ts'
import { aliasRecord, branchRecord, organisationAnswer, requestLimit, stackAnswer } from './wire.ts'

/** Everything but `rateLimitsGoverned`, which the configuration decides. Sources: contentstack.md §3, §8. */
export async function readFacts(http: Http, organisation?: string): Promise<Omit<StackFacts, 'rateLimitsGoverned'>> {
  const { stack } = stackAnswer.parse(await http.get('stacks', {}, { organization_uid: organisation }))
  const branchesEnabled = stack.settings?.branches ?? false
  const [branches, aliases, organisationLimits] = await Promise.all([
    branchesEnabled ? allRecords(http, 'stacks/branches', 'branches') : [],
    branchesEnabled ? allRecords(http, 'stacks/branch_aliases', 'branch_aliases') : [],
    readLimits(http, stack.org_uid ?? organisation),
  ])
  const pointers = aliases.map((record) => aliasRecord.parse(record))
  return {
    title: stack.name,
    branchesEnabled,
    branches: branches.map((record) => branchRecord.parse(record).uid),
    aliases: [...new Set(pointers.map(({ alias }) => alias))],
    aliasTargets: Object.fromEntries(
      pointers.flatMap(({ alias, uid }) => (uid === undefined ? [] : [[alias, uid] as const])),
    ),
    organisationLimits,
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
