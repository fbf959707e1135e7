import type { Access, Module } from './token.ts'

/**
 * One way in which a change moves what a token may do. `wider` is more access, `narrower` less. What is not understood is
 * both, so that nobody takes it for harmless. `otherwise`: the branch or alias through which the token reaches the same branch
 * without this name, so that only the day on which an alias is pointed elsewhere makes a difference. `perhaps`: an alias through
 * which it may, since nobody knows where that points.
 */
export type Effect = {
  readonly direction: 'wider' | 'narrower' | 'unknown'
  readonly what:
    | { readonly kind: 'access'; readonly to: Module | '$all'; readonly before: Access; readonly after: Access }
    /** `added`: named from now on, or no longer. */
    | {
        readonly kind: 'branch'
        readonly name: string
        readonly added: boolean
        readonly otherwise?: string | undefined
        readonly perhaps?: string | undefined
      }
    /** `target`: the branch it points to, where that is known. */
    | {
        readonly kind: 'alias'
        readonly name: string
        readonly added: boolean
        readonly target?: string
        readonly otherwise?: string | undefined
        readonly perhaps?: string | undefined
      }
    /** `named`: names its first branch or alias, or none any more. */
    | { readonly kind: 'branch limits'; readonly named: boolean }
    | { readonly kind: 'expiry'; readonly before: number | null; readonly after: number | null }
    | { readonly kind: 'rate'; readonly of: 'read' | 'write'; readonly before: number; readonly after: number }
    /** Access or reach that moves beside a scope entry which may be about all of it, or beside modules with less than the whole stack. */
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
