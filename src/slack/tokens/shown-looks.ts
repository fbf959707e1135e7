import type { Piece } from '../../words/pieces.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { homeLine } from '../kit/home-line.ts'

/** How a stack can be looked at, as far as known, with the name that people know it by. */
export type ShownLook = {
  readonly stackTitle: string
  readonly at: string | null
  readonly failed: boolean
  /** No list of its tokens was ever read to its end. */
  readonly unlisted?: boolean
  /** The reason the stack does not let the app in; null while it does. */
  readonly shut: { readonly why: string } | null
}

/** How each stack can be looked at, by its title; `of`: only these stacks. */
export async function shownLooks(
  looks: Pick<Looks, 'lastLooks' | 'neverListed' | 'titleOf'>,
  of?: readonly string[],
): Promise<ShownLook[]> {
  const unlisted = await looks.neverListed()
  const wanted = looks.lastLooks().filter(({ stack }) => of?.includes(stack) ?? true)
  const shown = wanted.map(async (look) => ({
    ...look,
    stackTitle: await looks.titleOf(look.stack),
    unlisted: unlisted.includes(look.stack),
  }))
  return Promise.all(shown)
}

/** Says that a stack can't be looked at, why, as far as people can be told, and how old the shown data is. */
export function unseenLine({ stackTitle, at, shut, unlisted = false }: Omit<ShownLook, 'failed'>): Piece {
  const stack = { said: stackTitle }
  const what = shut ? ` does not let Countersign in, since ${shut.why}` : " can't be looked at"
  if (unlisted) return homeLine(stack, `${what}, and its tokens have not been listed yet.`)
  if (at === null) return homeLine(stack, `${what}: what is shown of it may be out of date.`)
  return homeLine(stack, `${what}: what is shown of it dates from `, { at }, ' or later.')
}
