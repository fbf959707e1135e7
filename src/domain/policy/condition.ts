import { z } from 'zod'
import type { Effect } from '../token/effect.ts'
import type { Settings } from '../token/token.ts'
import type { Verdict } from './widening.ts'
import { list } from './written.ts'

/** An edit, as rules see it. */
export type Asked = {
  readonly before: Settings
  readonly after: Settings
  readonly tokenUid: string
  readonly stack: string
  /** The requester's id, and the ids of their user groups, as far as the policy names them. */
  readonly requesterIs: readonly string[]
  readonly now: Date
}

/** A stack that a rule is for. */
export type RuledStack = { readonly name: string; readonly rateLimitsGoverned: boolean }
/** `all`: the stacks of the policy; `concerned`: the ones among them that the rule is about. */
export type RuledStacks = { readonly all: readonly RuledStack[]; readonly concerned: readonly RuledStack[] }

/** Everything about one condition of a rule. */
export type Condition<Value> = {
  /** Its name in the settings file. */
  readonly setting: string
  /** How an operator writes it. */
  readonly written: z.ZodType<Value>
  /** How a policy keeps it. */
  readonly kept: z.ZodType<Value>
  /** True if it asks only whose token it is and who asks: that is settled before an edit is chosen. */
  readonly isSettled: boolean
  /** True if the edit meets it. */
  readonly fits: (value: Value, asked: Asked, effects: () => readonly Effect[]) => boolean
  /** True if every edit that fits `narrow` also fits `wide`, false if that can't be told. Undefined: a rule without it. */
  readonly covers: (wide: Value, narrow: Value | undefined) => boolean
  /** The verdicts possible for an edit that fits. */
  readonly verdicts: (value: Value) => readonly Verdict[]
  /** People and user groups it compares with the requester: they are looked up before the rules are read. */
  readonly askers: (value: Value) => readonly string[]
  /** Reasons why nothing can fit it on these stacks, each the rest of a sentence about its rule. */
  readonly mistakes: (value: Value, stacks: RuledStacks) => readonly string[]
}

/** Infers the type of the value, so that every part has to agree on it. */
export function condition<Value>(one: Condition<Value>): Condition<Value> {
  return one
}

/** A value that the policy keeps as it is written. */
export function asWritten<T extends z.ZodType>(of: T): { readonly written: T; readonly kept: T } {
  return { written: of, kept: of }
}

export function listed<T extends z.ZodType<unknown>>(of: T) {
  return { written: list(of) as z.ZodType<z.output<T>[]>, kept: z.array(of).min(1) as z.ZodType<z.output<T>[]> }
}

export function within<T>(
  wide: readonly T[],
  narrow: readonly T[] | undefined,
  holds: (wide: T, narrow: T) => boolean = Object.is,
): boolean {
  return narrow?.every((one) => wide.some((other) => holds(other, one))) ?? false
}
