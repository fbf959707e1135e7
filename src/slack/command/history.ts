import type { FindToken } from '../token-page/find-token.ts'
import { readPage } from '../token-page/token-history.ts'
import type { TokenPage } from '../token-page/token-page.ts'
import type { GonePast } from '../tokens/gone-past.ts'
import type { Lookup, Meant } from './lookup.ts'
import type { NearAnswers } from './near-answers.ts'
import type { Run } from './typed.ts'

type Deps = {
  finder: Pick<FindToken, 'openPicker'>
  gone: GonePast
  lookup: Lookup
  near: NearAnswers
  tokenPage: Pick<TokenPage, 'history'>
}

/** `/token history ci-deploy 2` */
export function createHistory({ finder, gone, lookup, near, tokenPage }: Deps): Run {
  return async ({ rest, client, target, ...asked }) => {
    if (!rest) return finder.openPicker(client, target, 'show')
    const { name, page, ...seen } = await meantWithPage(rest)
    const { tell } = asked
    const found = seen.found.kind === 'one' ? seen.found : await lookup.findAgain(name, asked)
    if (found.kind === 'one') return tell(await tokenPage.history(found.token, name, page))
    const [only, ...others] = found.kind === 'near' ? await gone.called(name) : []
    if (only && others.length === 0) return tell(await tokenPage.history(only, name, page))
    const onward = await near.onward({ verb: 'history', rest: page === 1 ? '' : String(page) }, name)
    await near.tellOrGone(tell, name, found, { offers: 'show', onward })
  }

  /** A number at the end is a page, unless it is part of a token's name. */
  async function meantWithPage(typed: string): Promise<Meant & { page: number }> {
    const whole = await lookup.meant(typed)
    const paged = readPage(typed)
    const isName = whole.found.kind !== 'near' || (await gone.called(typed)).length > 0
    return paged && !isName ? { ...(await lookup.meant(paged.name)), page: paged.page } : { ...whole, page: 1 }
  }
}
