import { hasAccessInputs } from './access-inputs.ts'
import { type Group, groupOf, groups, isGroup } from './form-groups.ts'
import { groupInputs } from './form-parts.ts'
import type { FormErrors } from './form-state.ts'
import type { Opened } from './opened.ts'

/** The reason is one of them. */
const mostInputs = 6

/** The inputs that an open group has in sight. */
export function inputsOf(group: Group, opened: Opened): number {
  return groupInputs[group](opened).filter(({ type }) => type === 'input').length
}

/** False for a group that has nothing to choose on this stack. A form asks this of each group, before it is opened. */
export function canOpen(group: Group, opened: Opened): boolean {
  if (group === 'expiry') return true
  return group === 'access' ? hasAccessInputs(opened) : inputsOf(group, opened) > 0
}

const prefix = 'folded.'

/** The entry in the list of open groups for one that was closed to make room for others. */
function folded(group: string): string {
  return `${prefix}${group}`
}

export function isFolded(group: Group, { open = [] }: Opened): boolean {
  return open.includes(folded(group))
}

/**
 * The part of `wanted` that stays open, if its last was opened last: the last group, and as many of those before as leave
 * six inputs in sight. The others are folded.
 */
export function thatFit(wanted: readonly string[], opened: Opened): string[] {
  const last = wanted.findLast(isGroup)
  let room = mostInputs - 1
  const fitting = wanted
    .filter(isGroup)
    .reverse()
    .filter((group) => {
      room -= inputsOf(group, { ...opened, open: wanted })
      return group === last || room >= 0
    })
  return wanted.map((one) => (isGroup(one) && !fitting.includes(one) ? folded(one) : one))
}

/** Opens it after all others. */
export function withOpen(group: Group, opened: Opened): string[] {
  return thatFit([...without(group, opened.open), group], opened)
}

export function without(closed: string, open: readonly string[] = []): string[] {
  return open.filter((one) => one !== closed && one !== folded(closed))
}

/** Closes it. Once none is open, none is closed to make room for another. */
export function withClosed(group: Group, { open }: Opened): string[] {
  const others = without(group, open)
  return others.some(isGroup) ? others : others.filter((one) => !one.startsWith(prefix))
}

/**
 * Opens every group in which there is something to correct. The others close if all of them would bring more than six
 * inputs into sight.
 */
export function withWrong(errors: FormErrors, opened: Opened): string[] {
  const parts = new Set(Object.keys(errors).map(groupOf))
  const wrong = groups.filter((group) => parts.has(group) && canOpen(group, opened))
  const others = wrong.reduce<readonly string[]>((open, group) => without(group, open), opened.open ?? [])
  const all = [...others, ...wrong]
  if (thatFit(all, opened).every((one, i) => one === all[i])) return all
  return [...others.map((one) => (isGroup(one) ? folded(one) : one)), ...wrong]
}

/** The closed groups in which there is something to correct. */
export function closedWrong(errors: FormErrors, opened: Opened, inSight: ReadonlySet<string>): Group[] {
  const wrong = new Set(Object.keys(errors).map(groupOf))
  const seen = new Set([...inSight].map(groupOf))
  return groups.filter((group) => wrong.has(group) && !seen.has(group) && canOpen(group, opened))
}
