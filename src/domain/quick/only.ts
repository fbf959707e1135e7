import { nearestWord } from '../nearest.ts'
import { Refusal } from '../refusal.ts'
import { modulesInWords } from '../token/access.ts'
import { namesBranchesUnclearly } from '../token/not-understood.ts'
import { modules, type Permissions, rank, type Settings, type StackFacts } from '../token/token.ts'
import { type AccessOn, accessTo } from './access.ts'
import { RefusedForAnother } from './instead.ts'
import { inLine } from './quoted.ts'
import type { Called } from './verb.ts'

/** Settings that are left with no more than what a command names. Each throws a Refusal if the token has less than that. */

export type Names = { readonly names: readonly string[] }

export function onlyAccess({ access, on }: AccessOn, before: Settings): Settings {
  if (before.otherScope.length > 0) throw keepsMore('access')
  const { permissions } = before
  if (on === 'everything') return { ...before, permissions: atMost(permissions, access) }
  const lacking = on.filter((module) => rank[accessTo(permissions, module)] < rank[access])
  if (lacking.length > 0)
    throw new Refusal(
      'invalid',
      `The token has less than ${access} on ${modulesInWords(lacking)}, and restrict gives nothing.`,
    )
  const kept = Object.fromEntries(on.map((module) => [module, access]))
  return { ...before, permissions: { everything: 'none', modules: kept } }
}

function atMost({ everything, modules: own }: Permissions, access: AccessOn['access']): Permissions {
  if (access === 'write') return { everything, modules: own }
  if (everything !== 'none') return { everything: 'read', modules: {} }
  return { everything, modules: Object.fromEntries(modules.filter((one) => own[one]).map((one) => [one, access])) }
}

export function onlyNames({ names, token }: Names & Called, before: Settings, facts: StackFacts): Settings {
  if (namesBranchesUnclearly(before)) throw keepsMore('branches')
  const { branches, aliases } = before
  const has = [...branches, ...aliases]
  const missing = names.filter((name) => !has.includes(name))
  if (missing.length > 0) throw notNamed({ names, token }, missing, { has, facts })
  const isKept = (name: string) => names.includes(name)
  return { ...before, branches: branches.filter(isKept), aliases: aliases.filter(isKept) }
}

type Around = { readonly has: readonly string[]; readonly facts: StackFacts }

/** Says by which command the same can be had if the stack has what the token lacks, or by which name if it was mistyped. */
function notNamed({ names, token }: Names & Called, missing: readonly string[], { has, facts }: Around): Refusal {
  const why = `The token names no branch or alias ${missing.join(', ')}; it names ${has.join(', ') || 'none'}. Restrict gives nothing.`
  const there = [...facts.branches, ...facts.aliases]
  if (has.length > 0 && missing.every((name) => there.includes(name))) {
    const less = has.filter((name) => !names.includes(name))
    const head = [...missing.map((name) => `+${inLine(name)}`), ...less.map((name) => `-${inLine(name)}`)].join(' ')
    return new RefusedForAnother(`${why} This does: /token scope ${inLine(token)} ${head}`, head, 'scope')
  }
  const meant = names.map((name) => (has.includes(name) ? name : nearestWord(name, [...has])))
  if (meant.includes(null)) return new Refusal('invalid', why)
  const head = `to branch ${[...new Set(meant)].map((name) => inLine(name!)).join(', ')}`
  return new RefusedForAnother(`${why} Did you mean /token restrict ${inLine(token)} ${head}?`, head)
}

function keepsMore(what: string): Refusal {
  return new Refusal(
    'invalid',
    `The token has scope entries that Countersign does not understand and leaves as they are, so its ${what} can't be restricted here: edit it in Contentstack.`,
  )
}
