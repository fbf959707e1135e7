import { z } from 'zod'
import { isModule } from '../../domain/token/token.ts'
import { isTarget, pick, type Target } from './access-inputs.ts'
import { blockId, dateBlockId, daysIn, type Part, pickIn, readForm } from './form-blocks.ts'
import { choiceOf } from './form-groups.ts'
import { type FormState, formState, movedParts, withParts } from './form-state.ts'
import { without } from './open-groups.ts'

/**
 * The values that the views of a form have said so far, by the block that said them. Slack may go on showing a view long after the
 * form has changed: from this it is known what a person has chosen in it since.
 */
export const earlierViews = z
  .object({
    days: z.record(z.string(), z.string().nullable()).readonly(),
    /** `gave`: the pick is the reason that the module can be read. */
    picks: z.record(z.string(), z.object({ target: z.string(), gave: z.boolean() }).readonly()).readonly(),
    /** Inputs that show the token as it was before it moved under the form, and the form of that time. */
    old: z
      .object({ blocks: z.array(z.string()).readonly(), form: formState })
      .readonly()
      .nullable(),
  })
  .readonly()
export type EarlierViews = z.infer<typeof earlierViews>

export const noViews: EarlierViews = { days: {}, picks: {}, old: null }

type Kept = { readonly form: FormState; readonly open: readonly string[]; readonly earlier: EarlierViews }

/** A form after one of its views was sent or pressed: the last choice of each input counts. */
export function readView(values: Readonly<Record<string, unknown>>, kept: Kept): Kept {
  const { form, open, earlier } = replacingPick(pickIn(values), kept)
  const isOld = (block: string) => earlier.old?.blocks.includes(ofAll(block)) ?? false
  const [old, now] = [only(values, isOld), only(values, (block) => !isOld(block))]
  const read = readForm(now, form, earlier.days)
  const days = { ...earlier.days, ...daysIn(values) }
  if (earlier.old === null) return { form: read, open, earlier: { ...earlier, days } }
  const before = earlier.old.form
  const typed = readForm(old, before, earlier.days)
  const chosen = new Set(movedParts(before, typed).map(choiceOf))
  const taken = movedParts(read, typed).filter((part) => chosen.has(choiceOf(part)))
  return { form: withParts(read, typed, taken), open, earlier: { ...earlier, days } }
}

/** A pick in the same select as one before replaces that: the select was not drawn afresh in between. */
function replacingPick(picked: ReturnType<typeof pickIn>, { form, open, earlier }: Kept): Kept {
  if (picked === null || picked.target === null || !isTarget(picked.target)) return { form, open, earlier }
  const { block, target } = picked
  const last = earlier.picks[block]
  if (last?.target === target) return { form, open, earlier }
  const gave = isModule(target) && form.modules[target] === 'none'
  const picks = { ...earlier.picks, [block]: { target, gave } }
  const isGiven = last?.gave === true && isModule(last.target) && form.modules[last.target] === 'read'
  return {
    form: isGiven ? { ...form, modules: { ...form.modules, [last.target]: 'none' } } : form,
    open: last === undefined ? open : without(pick(last.target as Target), open),
    earlier: { ...earlier, picks },
  }
}

/** To note when the token has moved in `parts`: what a view still shows of them is nobody's choice. */
export function beforeItMoved(parts: readonly string[], form: FormState, afresh: Readonly<Record<string, number>>) {
  const blocks = parts.map((part) => (part === 'date' ? dateBlockId(form.date) : blockId(part as Part, afresh)))
  return { blocks, form }
}

/** The block of the first select, for one of several that hold names. */
function ofAll(block: string): string {
  return block.replace(/^(branches|aliases)\.\d+:/, '$1:')
}

function only(values: Readonly<Record<string, unknown>>, isWanted: (block: string) => boolean) {
  return Object.fromEntries(Object.entries(values).filter(([block]) => isWanted(block)))
}
