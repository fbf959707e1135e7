import { z } from 'zod'
import type { Effect } from '../token/effect.ts'
import type { Settings } from '../token/token.ts'
import type { Verdict } from './verdict.ts'
import { list } from './written.ts'

/** An edit, as rules see it. */
export type Asked = {
  readonly before: Settings
  readonly after: Settings
  readonly tokenUid: string
  readonly stack: string
  /** The requester's id, and those of the user groups that the policy names and they are in. */
  readonly requesterIs: readonly string[]
  readonly now: Date
}

/** A stack that a rule is for. */
export type RuledStack = { readonly name: string; readonly rateLimitsGoverned: boolean }
/** `all`: those that the policy is for; `concerned`: those of them that the rule is about. */
export type RuledStacks = { readonly all: readonly RuledStack[]; readonly concerned: readonly RuledStack[] }

/** One condition of a rule: all that there is to know of it. */
export type Condition<Value> = {
  /** What it is called in the settings. */
  readonly setting: string
  /** How an operator writes it. */
  readonly written: z.ZodType<Value>
  /** How a policy keeps it. */
  readonly kept: z.ZodType<Value>
  /** True where the edit is such as it asks for. */
  readonly fits: (value: Value, asked: Asked, effects: () => readonly Effect[]) => boolean
  /** True where whatever fits `narrow` fits `wide` too, and false where that can't be told. Undefined is a rule without it. */
  readonly covers: (wide: Value, narrow: Value | undefined) => boolean
  /** The verdicts that an edit may have which fits. */
  readonly verdicts: (value: Value) => readonly Verdict[]
  /** People and user groups that it asks whether they are the requester: they are looked up before any rule is. */
  readonly askers: (value: Value) => readonly string[]
  /** Why nothing can fit it on such stacks, each the rest of a sentence about its rule. */
  readonly mistakes: (value: Value, stacks: RuledStacks) => readonly string[]
}

/** Takes the type of the value from how it is kept. */
export function condition<Value>(one: Condition<Value>): Condition<Value> {
  return one
}

/** Kept as it is written. */
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
