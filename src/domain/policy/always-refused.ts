import type { Policy } from './policy.ts'
import { type Choice, fitOf, type Known } from './when.ts'

/** The rule that refuses, and its words. */
export type Refused = { readonly rule: string; readonly because: string }

/** Tells why a choice can only be refused; null if it may be allowed. */
export type Refusing = (choice: Choice) => Refused | null

/**
 * The rule that refuses every edit with this choice in it, whatever else the edit asks for; null if some such edit may be
 * allowed, or refused by other rules than this one.
 */
export function alwaysRefused({ rules }: Policy, known: Known, choice: Choice): Refused | null {
  for (const { name, when, outcome } of rules) {
    const fit = fitOf(when, known, choice)
    if (fit === 'never') continue
    if (outcome.kind === 'ask') return null
    if (fit === 'always') return { rule: name, because: outcome.because }
  }
  return null
}
