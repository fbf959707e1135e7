import type { KnownStacks } from '../../domain/change/known-stacks.ts'
import type { Policy } from '../../domain/policy/policy.ts'

/** The stacks by the log, and by the settings. */
export type Named = {
  readonly known: KnownStacks
  readonly configured: readonly { readonly name: string; readonly policy: Policy }[]
}

export type Labels = ReturnType<typeof createLabels>

/**
 * The names of stacks and rules in labels: as in the settings, and `former` for all that the log names besides. So
 * there are never more than the settings have, and nothing that anybody wrote elsewhere gets into a label.
 */
export function createLabels({ known, configured }: Named) {
  const names = new Map(known.stacks.map(({ id, name }) => [id, name]))
  const rules = new Map(configured.map(({ name, policy }) => [name, new Set(policy.rules.map((rule) => rule.name))]))
  return { stacks: [...names.values()], stackOf, under }

  function stackOf(id: string): string {
    return names.get(id) ?? former
  }

  function under({ stack: id, rule }: { readonly stack: string; readonly rule: string | null }) {
    const stack = stackOf(id)
    return { stack, rule: rule !== null && rules.get(stack)?.has(rule) ? rule : former }
  }
}

const former = 'former'
