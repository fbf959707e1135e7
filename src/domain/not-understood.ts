import { z } from 'zod'
import { isModule } from './adjust.ts'
import type { Settings } from './token.ts'

const scopeEntry = z.looseObject({ module: z.string() })

/** The module of each scope entry that the app does not understand; null where it names none. */
export function modulesNotUnderstood({ otherScope }: Pick<Settings, 'otherScope'>): (string | null)[] {
  return otherScope.map((text) => entryOf(text)?.module ?? null)
}

/** True if a scope entry that the app does not understand may say which branches or aliases the token reaches. */
export function namesBranchesUnclearly({ otherScope }: Pick<Settings, 'otherScope'>): boolean {
  return otherScope.some((text) => {
    const entry = entryOf(text)
    return entry === null || Object.keys(entry).some(isOfBranches) || isOfBranches(entry.module)
  })
}

/**
 * True if beside a scope entry that the app does not understand nobody can say what more or less access comes to: the entry
 * may be about branches, aliases or the whole stack, and so about what every other entry grants.
 */
export function isUnclear(settings: Pick<Settings, 'otherScope'>): boolean {
  return namesBranchesUnclearly(settings) || modulesNotUnderstood(settings).some((module) => !isOneModule(module))
}

/** One that a token's scope can name, or that sounds like it: lower-case words. */
function isOneModule(module: string | null): boolean {
  return module !== null && (isModule(module) || /^[a-z_]+$/.test(module))
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
