import { withoutFillers } from '../fillers.ts'
import type { Change } from './change.ts'

/** The list of changes that `list pending shop` or `list my changes` means, and what is left to narrow it; null for none. */
export function listOfChanges(typed: string): { readonly verb: 'mine' | 'pending'; readonly rest: string } | null {
  const [, which = '', rest = ''] = listed.exec(typed.trim()) ?? []
  if (which === '') return null
  return { verb: /^(?:my|mine)\b/i.test(which) ? 'mine' : 'pending', rest: withoutFillers(rest) }
}

const listed =
  /^(?:all\s+|the\s+)*((?:my\s+)?(?:(?:open|pending|waiting)\s+)?(?:changes|requests|approvals)|mine|my|pending|waiting)(?:\s+(.*))?$/is

/** A change, and the names that people know its stack by, its title first. */
type Of = { readonly change: Change; readonly stack: readonly string[] }

/** The rule that a list of changes is narrowed by, and the title of the stack that the text named, if it did. */
export type ChangeFilter = { readonly fits: (of: Of) => boolean; readonly onStack: string | null }

/** By a stack that has some of these changes, or else by part of what a change's token or stack is called. */
export function changeFilter(text: string, all: readonly Of[]): ChangeFilter {
  const wanted = plain(text)
  const isThere = ({ stack }: Of) => stack.some((name) => plain(name) === wanted)
  const there = all.find(isThere)
  if (there) return { fits: isThere, onStack: there.stack[0] ?? null }
  const texts = ({ change: { before, after, tokenUid }, stack }: Of) => [before.name, after.name, tokenUid, ...stack]
  return { fits: (of) => texts(of).some((one) => plain(one).includes(wanted)), onStack: null }
}

function plain(text: string): string {
  return text.trim().toLowerCase()
}
