import { type Nearly, nearlySaid } from '../../domain/quick/in-english.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Message } from '../kit/blocks.ts'
import { createQuickInstead } from './quick-instead.ts'
import { createQuickOffers, type OffersDeps } from './quick-offers.ts'

/** The answers to a line in English of which a part can't be read. Each is null if it has none. */
export function createQuickNearly(deps: OffersDeps) {
  const { looks } = deps
  const instead = createQuickInstead(deps)
  const offers = createQuickOffers(deps)
  return { offered, refused, unread }

  /** To the first of what it may have meant for which something can be offered. */
  async function offered(text: string, person: string): Promise<Message | null> {
    for (const { line, complaint } of await lines(text)) {
      const found = await offers.possible(await meantBy(complaint), person)
      if (found.length > 0) return instead.wrong(line, complaint, person, text)
    }
    return null
  }

  /** If all that it may have meant is refused. */
  async function refused(text: string, person: string): Promise<Message | null> {
    for (const { complaint } of await lines(text)) {
      const no = await instead.firstRefused(await meantBy(complaint), person, text)
      if (no !== null) return no
    }
    return null
  }

  /** If it is clear which command was meant. */
  async function unread(text: string, person: string): Promise<Message | null> {
    const [first] = await lines(text)
    return first?.isClear ? instead.wrong(first.line, first.complaint, person, text) : null
  }

  async function lines(text: string): Promise<Nearly[]> {
    return nearlySaid(text, namesOf(await looks.known()))
  }

  async function meantBy({ token, lines }: Nearly['complaint']): Promise<readonly string[]> {
    const found = findToken(await looks.known(), token ?? '')
    return lines?.(await offers.about(found.kind === 'one' ? found.token : null)) ?? []
  }
}
