import { z } from 'zod'
import type { Settings } from './token.ts'

const scopeEntry = z.looseObject({ module: z.string() })

/** The module of each scope entry that the app does not understand; null if it names none. */
function modulesNotUnderstood({ otherScope }: Pick<Settings, 'otherScope'>): (string | null)[] {
  return otherScope.map((text) => entryOf(text)?.module ?? null)
}

/** True if a scope entry that the app does not understand may say which branches or aliases the token reaches. */
export function namesBranchesUnclearly({ otherScope }: Pick<Settings, 'otherScope'>): boolean {
  return otherScope.some((text) => {
    const entry = entryOf(text)
    return entry === null || Object.keys(entry).some(isOfBranches) || isOfBranches(entry.module)
  })
}

function isOfBranches(word: string): boolean {
  return /branch|alias/i.test(word)
}

function entryOf(text: string): z.infer<typeof scopeEntry> | null {
  try {
    return scopeEntry.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/**
 * No source says what the stack makes of a second entry for the same module, so none is added to one that is not
 * understood.
 */
export function besideUnknown(before: Settings, granted: readonly string[]): string | undefined {
  const unknown = modulesNotUnderstood(before)
  const clash = granted.find((module) => unknown.includes(module))
  return clash === undefined
    ? undefined
    : `The token has an entry for ${clash} that Countersign does not understand, so none can be added here: edit it in Contentstack.`
}
