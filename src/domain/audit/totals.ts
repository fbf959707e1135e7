import { z } from 'zod'
import { answer } from '../change/write.ts'
import { Refusal } from '../refusal.ts'
import type { Entry } from './chain-check.ts'
import { bodyOf, type Ending, followChanges, type Going, instantOf, secondsFrom } from './going.ts'

/** The change that something is counted for, by its stack and rule. */
type Under = { readonly stack: string; readonly rule: string | null }

/** One thing that an entry of the log adds to a total. */
export type Counted =
  | (Under & { readonly of: 'asked' })
  | (Under & { readonly of: 'ended'; readonly outcome: Ending })
  /** By the first approval or rejection. */
  | (Under & { readonly of: 'decided'; readonly seconds: number })
  /** Since the last approval. */
  | (Under & { readonly of: 'applied'; readonly seconds: number })
  | (Under & { readonly of: 'voided'; readonly times: number })
  | (Under & { readonly of: 'drifted' })
  | (Under & { readonly of: 'answered'; readonly answer: z.infer<typeof answer>['kind'] })
  | { readonly of: 'edited elsewhere'; readonly stack: string }
  | { readonly of: 'verified'; readonly at: number; readonly isIntact: boolean }

const bodies = {
  answered: z.object({ answer: z.object({ kind: z.enum(answer.options.map(({ shape }) => shape.kind.value)) }) }),
  outsideEdit: z.object({ stack: z.string() }),
  verified: z.object({ intact: z.boolean() }),
}

/**
 * Takes the log's entries in order, and returns what each adds to the totals of the whole log. Keeps open changes only.
 * An entry that can't be read adds nothing: whoever verifies the log hears of it.
 */
export function createTotals() {
  const changes = followChanges()
  return { feed, open: changes.open }

  function feed(entry: Entry): readonly Counted[] {
    try {
      return entry.changeId === null ? ofNoChange(entry) : ofChange(entry, changes.open.get(entry.changeId))
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  }

  function ofChange(entry: Entry, before: Going | undefined): Counted[] {
    const was = before && { ...before }
    const step = changes.feed(entry)
    if (step === null) return []
    const { going, ending } = step
    const under = { stack: going.stack, rule: going.rule }
    const voided = going.voidedApprovals - (was?.voidedApprovals ?? 0)
    return [
      ...(was === undefined ? [{ of: 'asked' as const, ...under }] : []),
      ...decided(going, was),
      ...(voided > 0 ? [{ of: 'voided' as const, ...under, times: voided }] : []),
      ...(going.drifts > (was?.drifts ?? 0) ? [{ of: 'drifted' as const, ...under }] : []),
      ...answered(entry, under),
      ...(ending === null ? [] : ended(entry, going, ending)),
    ]
  }
}

function decided({ stack, rule, secondsToDecision: seconds }: Going, was: Going | undefined): Counted[] {
  const isNew = seconds !== null && (was?.secondsToDecision ?? null) === null
  return isNew ? [{ of: 'decided', stack, rule, seconds }] : []
}

function answered(entry: Entry, under: Under): Counted[] {
  if (entry.type !== 'write_answered') return []
  return [{ of: 'answered', ...under, answer: bodyOf(entry, bodies.answered).answer.kind }]
}

function ended(entry: Entry, { stack, rule, approvedAt }: Going, outcome: Ending): Counted[] {
  const end = { of: 'ended' as const, stack, rule, outcome }
  if (outcome !== 'applied' || approvedAt === null) return [end]
  return [end, { of: 'applied', stack, rule, seconds: secondsFrom(approvedAt, entry) }]
}

function ofNoChange(entry: Entry): Counted[] {
  if (entry.type === 'outside_edit') return [{ of: 'edited elsewhere', stack: bodyOf(entry, bodies.outsideEdit).stack }]
  if (entry.type !== 'log_verified') return []
  return [{ of: 'verified', at: instantOf(entry), isIntact: bodyOf(entry, bodies.verified).intact }]
}
