import type { StackConfig } from '../../config/settings.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { nameOfStack, noStacks, recognise } from '../../domain/change/known-stacks.ts'
import type { Held, Inspection } from '../../ports/inspection.ts'
import { type Check, ok, type Said, warning } from './finding.ts'

type Stacks = {
  readonly stacks: readonly StackConfig[]
  /** Null if there is no database yet. */
  readonly inspection: () => Promise<Inspection | null>
}

/** Checks whether the database holds anything of a stack that is not configured, by its api_key. */
export function setAsideCheck({ stacks, inspection }: Stacks): Check {
  return {
    area: 'stacks',
    look: async () => {
      const found = await inspection()
      const known = recognise(found?.known ?? noStacks, stacks)
      const out = (found?.held ?? []).filter(({ stack }) => known.stacks.every(({ id }) => id !== stack))
      const aside = out.map(({ stack, ...held }) => asideSays(nameOfStack(known, stack), held))
      return aside.length > 0 ? aside : ok('All open changes and tokens belong to configured stacks.')
    },
  }
}

function asideSays(name: string, { changes, tokens }: Omit<Held, 'stack'>): Said {
  const of = `The stack ${name} is not configured, so its tokens and changes are set aside`
  if (changes.length === 0) return ok(`${of}: ${tokens === 1 ? '1 token' : `${tokens} tokens`}, and no open change.`)
  const numbers = changes.map((id) => `#${id}`).join(', ')
  return warning(
    `${of}, including its open changes: ${numbers}.`,
    `Put it back with its api_key, or cancel them: ${asTyped('change cancel')}.`,
  )
}
