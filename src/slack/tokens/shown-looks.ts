import type { Looks } from '../../workflow/looks.ts'
import type { ShownLook } from '../home/home-health.ts'

/** How each stack can be looked at, by what people call it. */
export async function shownLooks(looks: Pick<Looks, 'lastLooks' | 'neverListed' | 'titleOf'>): Promise<ShownLook[]> {
  const unlisted = await looks.neverListed()
  const shown = looks.lastLooks().map(async (look) => ({
    ...look,
    stackTitle: await looks.titleOf(look.stack),
    unlisted: unlisted.includes(look.stack),
  }))
  return Promise.all(shown)
}
