import type { Access, Module } from './token.ts'

/**
 * One way in which a change affects what a token may do. `wider` means more access, `narrower` less. An effect that is
 * not understood counts as both, so that nobody takes it for harmless. `otherwise`: the branch or alias through which
 * the token reaches the same branch without this name, so that it matters only once an alias is pointed elsewhere.
 * `perhaps`: an alias that may do so, since nobody knows where it points.
 */
export type Effect = {
  readonly direction: 'wider' | 'narrower' | 'unknown'
  readonly what:
    | { readonly kind: 'access'; readonly to: Module | 'everything'; readonly before: Access; readonly after: Access }
    /** `added`: true if it is newly named, false if no longer. */
    | {
        readonly kind: 'branch'
        readonly name: string
        readonly added: boolean
        readonly otherwise?: string | undefined
        readonly perhaps?: string | undefined
      }
    /** `target`: the branch it points to, if known. */
    | {
        readonly kind: 'alias'
        readonly name: string
        readonly added: boolean
        readonly target?: string
        readonly otherwise?: string | undefined
        readonly perhaps?: string | undefined
      }
    /** `named`: true if it gets its first branch or alias, false if it loses its last. */
    | { readonly kind: 'branch limits'; readonly named: boolean }
    /** `revives`: it had expired, and works again. */
    | {
        readonly kind: 'expiry'
        readonly before: number | null
        readonly after: number | null
        readonly revives?: true
      }
    | { readonly kind: 'rate'; readonly of: 'read' | 'write'; readonly before: number; readonly after: number }
    /**
     * Access or reach that changes beside a scope entry that may be about all of it, or beside modules with less than
     * the whole stack.
     */
    | { readonly kind: 'beside unclear'; readonly less: readonly Module[] }
    | { readonly kind: 'other' }
}

export function noEffects(): readonly Effect[] {
  return none
}

const none: readonly Effect[] = []

export function directionOf(before: number, after: number): 'wider' | 'narrower' {
  return after > before ? 'wider' : 'narrower'
}
