import { setTimeout } from 'node:timers/promises'
import type { App, RespondFn } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { quoted } from '../../domain/quick/quoted.ts'
import { quickVerbs } from '../../domain/quick/verbs.ts'
import { type Found, findToken } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Health } from '../../workflow/log/health.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { mineText, pendingText } from '../changes/change-text.ts'
import type { OpenChanges } from '../changes/open-changes.ts'
import type { Quick } from '../edit/quick.ts'
import { escaped, type Message } from '../kit/blocks.ts'
import { asTyped } from '../people/as-typed.ts'
import type { SlackPeople } from '../people/people.ts'
import type { FindToken, Target } from '../token-page/find-token.ts'
import { readPage } from '../token-page/token-history.ts'
import type { TokenPage } from '../token-page/token-page.ts'
import { createGonePast } from '../tokens/gone-past.ts'
import { answerComes } from '../tokens/listing.ts'
import { allOutOfReach, unlistedTitles } from '../tokens/out-of-reach.ts'
import { nearMatches, type Offers, tokenList } from '../tokens/token-text.ts'
import { unreadableNotes } from '../tokens/unreadable-notes.ts'
import { tokenHelp } from './help-text.ts'
import type { PlainVerb } from './verbs.ts'

type Deps = {
  bolt: App
  store: LookReads
  looks: Looks
  findToken: FindToken
  tokenPage: TokenPage
  quick: Quick
  openChanges: OpenChanges
  health: Health
  people: Pick<SlackPeople, 'nameOf'>
}

/** `notes`: why the look for it failed. */
type Looked = Found & { readonly notes?: readonly string[] }
type Unclear = Exclude<Looked, { kind: 'one' }>

/** The name that was typed, and the tokens that it may mean of those known so far. */
type Meant = { readonly name: string; readonly found: Found }

export const command = '/token'

/** Commands that work while nothing can be recorded, besides looking at a change by its number. */
const showing: ReadonlySet<string> = new Set<PlainVerb>(['help', 'list', 'show', 'history', 'mine', 'pending'])

type Typed = {
  /** Everything after `/token`, and the same without its first word. */
  text: string
  rest: string
  person: string
  triggerId: string
  client: WebClient
  respond: RespondFn
  /** They were told already that the log can't be written. */
  said: string | null
}
type Asked = Pick<Typed, 'person' | 'respond' | 'said'>
type Run = (typed: Typed) => Promise<void>

/** `/token` and everything that can follow it. Only the person who typed it sees the answer. */
export function registerCommand({
  bolt,
  store,
  looks,
  findToken: finder,
  tokenPage,
  quick,
  openChanges,
  health,
  people,
}: Deps): void {
  const gone = createGonePast({ store, looks })
  const plain: Record<PlainVerb, Run> = {
    edit,
    list,
    show,
    history,
    mine: async ({ person, respond }) => tell(respond, mineText(await openChanges.mine(person))),
    pending: async ({ person, respond }) => tell(respond, pendingText(await openChanges.pending(person))),
    help: async ({ respond }) => tell(respond, help),
  }
  const runs = new Map<string, Run>([
    ['', ({ client, triggerId }) => finder.openPicker(client, triggerId)],
    ...Object.entries(plain),
    ...quickVerbs.map((verb): [string, Run] => [verb, sayQuick]),
  ])

  bolt.command(command, async ({ ack, body, client, respond }) => {
    const readOnly = health.words()
    await ack(readOnly ? { response_type: 'ephemeral', text: escaped(readOnly) } : undefined)
    const text = (await asTyped(body.text ?? '', people)).trim()
    const [, verb = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(text) ?? []
    const isChange = changeNumber.test(verb)
    if (readOnly && !isChange && !showing.has(verb.toLowerCase())) return
    const run = isChange ? showChange : (runs.get(verb.toLowerCase()) ?? unknown)
    await run({ text, rest, person: body.user_id, triggerId: body.trigger_id, client, respond, said: readOnly })
  })

  async function edit({ rest, person, triggerId, client, respond }: Typed): Promise<void> {
    if (!rest) return finder.openPicker(client, triggerId)
    const { name, found } = await meant(rest)
    if (found.kind === 'several') return tellNear(respond, name, found)
    return finder.openByName(client, triggerId, { name, found, person })
  }

  async function list({ person, respond, said }: Typed): Promise<void> {
    const failures = await listed(person, respond)
    const notes = [...(await allOutOfReach(looks, failures, said)), ...(await unreadableNotes(looks))]
    await tell(respond, tokenList({ tokens: await looks.titled(await looks.known()), notes }))
  }

  async function show({ rest, person, triggerId, client, respond }: Typed): Promise<void> {
    if (!rest) return finder.openPicker(client, triggerId, 'show')
    const { name, found } = await meant(rest)
    if (found.kind === 'several') return tellNear(respond, name, found, 'show')
    const open = async (target: Target, token: Token) => {
      await looks.requireReadable(token.uid)
      await tokenPage.open(client, target, token, person)
    }
    await finder.openByName(client, triggerId, { name, found, person, offers: 'show', open })
  }

  async function history({ rest, client, triggerId, ...asked }: Typed): Promise<void> {
    if (!rest) return finder.openPicker(client, triggerId, 'show')
    const { name, page, ...seen } = await meantWithPage(rest)
    const { respond } = asked
    const found = seen.found.kind === 'one' ? seen.found : await findAgain(name, asked)
    if (found.kind === 'one') return tell(respond, await tokenPage.history(found.token, name, page))
    const [only, ...others] = found.kind === 'near' ? await gone.called(name) : []
    if (only && others.length === 0) return tell(respond, await tokenPage.history(only, name, page))
    await tellUnclear(respond, name, found)
  }

  /** A number at the end is a page, unless it is part of a token's name. */
  async function meantWithPage(typed: string): Promise<Meant & { page: number }> {
    const whole = await meant(typed)
    const paged = readPage(typed)
    const isName = whole.found.kind !== 'near' || (await gone.called(typed)).length > 0
    return paged && !isName ? { ...(await meant(paged.name)), page: paged.page } : { ...whole, page: 1 }
  }

  /** A name may be in quotes, unless the quotes are part of it. */
  async function meant(typed: string): Promise<Meant> {
    const known = await looks.known()
    const found = findToken(known, typed)
    const whole = found.kind === 'near' ? quoted(typed) : null
    return whole === null || whole.rest !== ''
      ? { name: typed, found }
      : { name: whole.value, found: findToken(known, whole.value) }
  }

  /** An unknown name may be that of a new token. */
  async function findAgain(name: string, { person, respond, said }: Asked): Promise<Looked> {
    const isKnown = async () => findToken(await looks.known(), name).kind !== 'near'
    const failures = await listed(person, respond, isKnown)
    const found = findToken(await looks.known(), name)
    if (found.kind === 'near') await looks.requireReadable(name)
    return { ...found, notes: await allOutOfReach(looks, failures, said) }
  }

  /**
   * The lists that failed. Whoever waits is told at once if a stack was never listed, and otherwise once it takes a
   * while.
   */
  async function listed(
    person: string,
    respond: RespondFn,
    enough?: () => Promise<boolean>,
  ): Promise<readonly unknown[]> {
    const unlisted = await unlistedTitles(looks)
    const listing = looks.refreshAll(person, enough)
    const isSlow =
      unlisted.length > 0 || (await Promise.race([listing, setTimeout(patienceMs, null, { ref: false })])) === null
    if (isSlow) await tell(respond, answerComes(unlisted))
    return listing
  }

  async function sayQuick({ text, respond, ...asked }: Typed): Promise<void> {
    const answer = await quick.say({ text, ...asked })
    if (answer) await tell(respond, answer)
  }

  async function showChange({ text, respond }: Typed): Promise<void> {
    await tell(respond, await openChanges.one(Number.parseInt(text.replace('#', ''), 10)))
  }

  async function unknown({ text, respond }: Typed): Promise<void> {
    await tell(respond, tokenHelp(text))
  }

  async function tellUnclear(respond: RespondFn, typed: string, found: Unclear): Promise<void> {
    const said = found.kind === 'near' ? await gone.saidOf(typed) : null
    await (said ? tell(respond, said) : tellNear(respond, typed, found, 'show'))
  }

  async function tellNear(respond: RespondFn, typed: string, found: Unclear, offers: Offers = 'edit'): Promise<void> {
    const notes = [...(found.notes ?? []), ...(found.kind === 'near' ? await unreadableNotes(looks, typed) : [])]
    await tell(respond, nearMatches({ typed, tokens: await looks.titled(found.tokens), offers, notes }))
  }
}

/** How long people wait without a word. */
const patienceMs = 2500

/** Always the same, so it is worded once. */
const help = tokenHelp()

/** `42` and `#42` */
const changeNumber = /^#?\d{1,9}$/

async function tell(respond: RespondFn, { text, blocks }: Message): Promise<void> {
  await respond({ response_type: 'ephemeral', text, blocks })
}
