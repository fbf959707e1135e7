import type { KnownBlock } from '@slack/types'
import { allCalled } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import { line } from '../../words/pieces.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { EditToken } from '../edit/edit-token.ts'
import type { Message } from '../kit/blocks.ts'
import type { Begun } from '../kit/ids.ts'
import { tokenLines } from '../tokens/near.ts'
import { message } from '../tokens/token-text.ts'
import { openWays } from '../tokens/ways-to.ts'

type Deps = { looks: Looks; editToken: Pick<EditToken, 'whyNotOpen'> }

/** Tokens of one name beyond these are not offered: `/token list` has them. */
const most = 5

export type NamedAnswers = ReturnType<typeof createNamedAnswers>

/** The tokens that a line names, with the ways to each that work for the person who typed it. */
export function createNamedAnswers({ looks, editToken }: Deps) {
  return { offered, besideNumber }

  /** `begun`: what was typed already, for the form. */
  async function offered(tokens: readonly Token[], person: string, begun: Begun | null = null): Promise<KnownBlock[]> {
    const titled = await looks.titled(tokens.slice(0, most))
    const whyNot = await Promise.all(titled.map(({ token }) => editToken.whyNotOpen(token, person)))
    return tokenLines(titled).flatMap((said, i) => [said, ...openWays(titled[i]!.token, whyNot[i]!, begun)])
  }

  /** For the number of a change that is also the name of a token; null if it is not. */
  async function besideNumber(typed: string, person: string): Promise<Message | null> {
    const tokens = allCalled(await looks.known(), typed)
    if (tokens.length === 0) return null
    const words = [tokens.length === 1 ? 'A token is called ' : 'Tokens are called ', { said: typed }, ':']
    const { text, blocks } = message(words, [[line(...words)]], [])
    return { text, blocks: [...blocks, ...(await offered(tokens, person))] }
  }
}
