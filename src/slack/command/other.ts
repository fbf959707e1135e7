import { namesOf } from '../../domain/token/find.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { TokenPage } from '../token-page/token-page.ts'
import type { GonePast } from '../tokens/gone-past.ts'
import { guess } from './guess.ts'
import type { Lookup } from './lookup.ts'
import type { NearAnswers, Unclear } from './near-answers.ts'
import { meantInstead, neither } from './not-a-command.ts'
import type { Run, Tell } from './typed.ts'

type Deps = { looks: Looks; gone: GonePast; lookup: Lookup; near: NearAnswers; tokenPage: Pick<TokenPage, 'brief'> }

/** A line that begins with no command: a token's name by itself, or something that was meant otherwise. */
export function createOther({ looks, gone, lookup, near, tokenPage }: Deps): Run {
  return async ({ text, ...asked }) => {
    const { tell } = asked
    const { name, found } = await lookup.meant(text)
    const guessed = found.kind === 'near' ? guess(text, namesOf(await looks.known())) : null
    if (guessed) return tell(meantInstead(text, guessed))
    const again = found.kind === 'near' ? await lookup.findAgain(name, asked) : found
    if (again.kind === 'one') return tell(await tokenPage.brief(again.token))
    if (again.kind === 'several') return near.tell(tell, name, again, 'show')
    await tellNear(text, name, again, tell)
  }

  async function tellNear(text: string, name: string, found: Unclear, tell: Tell): Promise<void> {
    const said = await gone.saidOf(name)
    if (said) return tell(said)
    await tell(neither(text, { tokens: await looks.titled(found.tokens), notes: await near.notesOf(name, found) }))
  }
}
