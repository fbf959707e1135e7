import { listOfChanges } from '../../domain/change/filter.ts'
import { withoutFillers } from '../../domain/fillers.ts'
import { Refusal } from '../../domain/refusal.ts'
import { holdsAny } from '../../domain/token/filter.ts'
import { namesOf } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { Target } from '../calls/target.ts'
import type { OpenChanges } from '../changes/open-changes.ts'
import type { FindToken } from '../token-page/find-token.ts'
import type { TokenPage } from '../token-page/token-page.ts'
import type { Lookup } from './lookup.ts'
import type { NearAnswers } from './near-answers.ts'
import type { Run, Typed } from './typed.ts'
import type { PlainVerb } from './verbs.ts'

/** The commands that show something without a token's name; `change` shows a change by its number. */
export type Seen = Readonly<Record<Exclude<PlainVerb, 'edit' | 'show'> | 'change', Run>>

type Deps = {
  looks: Pick<Looks, 'known' | 'titled' | 'requireReadable'>
  lookup: Lookup
  near: NearAnswers
  finder: Pick<FindToken, 'openPicker' | 'openByName'>
  tokenPage: Pick<TokenPage, 'open'>
  openChanges: Pick<OpenChanges, 'one'>
  seen: Seen
}

/** `42` and `#42` */
export const changeNumber = /^#?\d{1,9}$/

/** The commands that take a token's name, and what people put in its place: a change, a list, a history. */
export function createNaming({ looks, lookup, near, finder, tokenPage, openChanges, seen }: Deps) {
  return { edit, show, list, history }

  async function edit(typed: Typed): Promise<void> {
    const { rest, person, target, client, tell } = typed
    if (!rest) return finder.openPicker(client, target)
    const { name, found, reason, group } = await lookup.meantForForm(rest)
    if (found.kind === 'near' && (await isChange(rest))) return seen.change({ ...typed, text: rest })
    const begun = reason === null && group === null ? null : { group, reason: reason ?? '' }
    const onward = reason ? await near.onward({ verb: 'edit', rest: `because ${reason}` }, name) : undefined
    if (found.kind === 'several') return near.tell(tell, name, found, { onward })
    return finder.openByName(client, target, { name, found, person, begun, onward })
  }

  async function show(typed: Typed): Promise<void> {
    const { rest, person, target, client, tell } = typed
    if (!rest) return finder.openPicker(client, target, 'show')
    const { name, found } = await lookup.meant(rest)
    if (found.kind === 'several') return near.tell(tell, name, found, { offers: 'show' })
    const other = found.kind === 'near' ? await otherThan(rest) : null
    if (other) return other.run({ ...typed, ...other })
    const open = async (target: Target, token: Token) => {
      await looks.requireReadable(token.uid)
      await tokenPage.open(client, target, token, person)
    }
    await finder.openByName(client, target, { name, found, person, offers: 'show', open })
  }

  /** `list pending shop` lists changes, unless tokens are called that. */
  async function list(typed: Typed): Promise<void> {
    const of = listOfChanges(typed.rest)
    const isChanges = of !== null && !holdsAny(await looks.titled(await looks.known()), typed.rest)
    await (isChanges ? seen[of.verb]({ ...typed, rest: of.rest }) : seen.list(typed))
  }

  async function history(typed: Typed): Promise<void> {
    const { rest } = typed
    const isOfChange =
      changeNumber.test(rest) && (await lookup.meant(rest)).found.kind === 'near' && (await isChange(rest))
    await (isOfChange ? seen.change({ ...typed, text: rest }) : seen.history(typed))
  }

  /** `show #42`, `show my changes`, `show all tokens`, `show the history of ci-deploy` */
  async function otherThan(typed: string): Promise<{ run: Run; text: string; rest: string } | null> {
    if (await isChange(typed)) return { run: seen.change, text: typed, rest: '' }
    const changes = listOfChanges(typed)
    if (changes) return { run: seen[changes.verb], text: typed, rest: changes.rest }
    const [, ofToken] = /^(?:the\s+)?(?:history|log)\s+(?:of|for)\s+(.+)$/i.exec(typed) ?? []
    if (ofToken) return { run: seen.history, text: typed, rest: ofToken }
    const isTokens =
      /^(?:(?:all|the|every|expiring|expired)\s+)*tokens?\b/i.test(typed) && withoutFillers(typed) !== typed
    const isStack = namesOf(await looks.known()).isStack?.(withoutFillers(typed)) ?? false
    return isTokens || isStack ? { run: seen.list, text: typed, rest: typed } : null
  }

  /** A number by itself may also be part of a name: there has to be such a change. */
  async function isChange(typed: string): Promise<boolean> {
    if (!changeNumber.test(typed)) return false
    if (typed.startsWith('#')) return true
    return openChanges.one(Number(typed)).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refusal && error.code === 'not_found') return false
        throw error
      },
    )
  }
}
