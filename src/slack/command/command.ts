import type { App } from '@slack/bolt'
import { withoutFillers } from '../../domain/fillers.ts'
import { split } from '../../domain/quick/reading.ts'
import { quickVerbs } from '../../domain/quick/verbs.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { LookReads } from '../../ports/looks.ts'
import { line } from '../../words/pieces.ts'
import type { Health } from '../../workflow/log/health.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { targetOf } from '../calls/target.ts'
import { mineText, pendingText } from '../changes/change-text.ts'
import type { OpenChanges } from '../changes/open-changes.ts'
import { pressedValue } from '../edge/press.ts'
import type { Routes } from '../edge/routes.ts'
import type { EditToken } from '../edit/edit-token.ts'
import type { Quick } from '../edit/quick.ts'
import { escaped, type Message } from '../kit/blocks.ts'
import { readSayValue, sayActions } from '../kit/ids.ts'
import { sayButtons } from '../kit/say-buttons.ts'
import { asTyped } from '../people/as-typed.ts'
import type { SlackPeople } from '../people/people.ts'
import type { FindToken } from '../token-page/find-token.ts'
import type { TokenPage } from '../token-page/token-page.ts'
import { createGonePast } from '../tokens/gone-past.ts'
import { message } from '../tokens/token-text.ts'
import { registerGoOn } from './go-on.ts'
import { helpFor, tokenHelp } from './help-text.ts'
import { createHistory } from './history.ts'
import { createList } from './list.ts'
import { createLookup } from './lookup.ts'
import { createNamedAnswers } from './named-answers.ts'
import { changeNumber, createNaming, type Seen } from './naming.ts'
import { createNearAnswers } from './near-answers.ts'
import { createOther } from './other.ts'
import { type Asking, type Run, type Typed, tellingBelow, tellingIn } from './typed.ts'
import type { PlainVerb } from './verbs.ts'

type Deps = {
  bolt: App
  routes: Routes
  store: LookReads
  looks: Looks
  editToken: EditToken
  findToken: FindToken
  tokenPage: TokenPage
  quick: Quick
  openChanges: OpenChanges
  health: Health
  people: Pick<SlackPeople, 'nameOf'>
  now: () => Date
}

export const command = '/token'

/** Commands that work while nothing can be recorded, besides looking at a change by its number. */
const showing: ReadonlySet<string> = new Set<PlainVerb>(['help', 'list', 'show', 'history', 'mine', 'pending'])

/** `/token` and everything that can follow it, typed or behind a button. Only the person who asked sees the answer. */
export function registerCommand({
  bolt,
  routes,
  store,
  looks,
  editToken,
  findToken: finder,
  tokenPage,
  quick,
  openChanges,
  health,
  people,
  now,
}: Deps): void {
  const gone = createGonePast({ store, looks })
  const lookup = createLookup({ looks })
  const near = createNearAnswers({ looks, gone })
  const named = createNamedAnswers({ looks, editToken })
  const parts = { looks, editToken, gone, lookup, near, named, tokenPage, quick, now }
  const seen: Seen = {
    list: createList(parts),
    history: createHistory({ ...parts, finder }),
    mine: ({ rest, person, tell }) => openChanges.mine(person, withoutFillers(rest)).then(mineText).then(tell),
    pending: ({ rest, person, tell }) => openChanges.pending(person, withoutFillers(rest)).then(pendingText).then(tell),
    help: async ({ rest, tell }) => tell(helpFor(rest) ?? help),
    change: showChange,
  }
  const { change: _, ...others } = seen
  const plain: Record<PlainVerb, Run> = { ...others, ...createNaming({ ...parts, finder, openChanges, seen }) }
  const other = createOther({ ...parts, run, help: seen.help })
  const runs = new Map<string, Run>([
    ['', ({ client, target }) => finder.openPicker(client, target)],
    ...Object.entries(plain),
    ...quickVerbs.map((verb): [string, Run] => [verb, sayQuick]),
  ])

  bolt.command(command, async ({ ack, body, client, respond }) => {
    const readOnly = health.words()
    await ack(readOnly ? { response_type: 'ephemeral', text: escaped(readOnly) } : undefined)
    const text = await asTyped(body.text ?? '', people)
    const target = { trigger_id: body.trigger_id }
    await run(text, { person: body.user_id, client, target, tell: tellingBelow(respond), said: readOnly })
  })

  for (const say of sayActions)
    routes.pressed(say, async ({ ack, body, client, respond }) => {
      const [text, readOnly, target] = [readSayValue(pressedValue(body)), health.words(), targetOf(body)]
      await ack()
      const tell = 'view_id' in target ? tellingIn(client, target.view_id) : tellingBelow(respond)
      if (readOnly) await tell(message([readOnly], [[line(readOnly)]], []))
      await run(text, { person: body.user.id, client, target, tell, said: readOnly })
    })

  registerGoOn({ routes, looks, finder, health, run })

  async function run(typed: string, asked: Asking): Promise<void> {
    const text = typed.trim()
    const [word, rest] = split(text)
    const verb = word.toLowerCase()
    const isChange = changeNumber.test(verb)
    if (asked.said && !isChange && !showing.has(verb)) return
    await (isChange ? showChange : (runs.get(verb) ?? other))({ ...asked, text, rest })
  }

  async function sayQuick({ text, tell, ...asked }: Typed): Promise<void> {
    const answer = await quick.say({ text, ...asked })
    if (answer) await tell(answer)
  }

  async function showChange({ text, person, tell }: Typed): Promise<void> {
    await tell(await openChanges.one(Number.parseInt(text.replace('#', ''), 10)).catch(insteadOfUnknown))
    const token = await named.besideNumber(split(text)[0], person)
    if (token) await tell(token)
  }
}

/** For a number that no change has: the lists that have the numbers. */
function insteadOfUnknown(error: unknown): Message {
  if (!(error instanceof Refusal) || error.code !== 'not_found') throw error
  const { text, blocks } = message([error.message], [[line(error.message)]], [])
  const lists = [
    { line: 'mine', label: 'Show my changes' },
    { line: 'pending', label: 'Show pending' },
  ]
  return { text, blocks: [...blocks, ...sayButtons(lists)] }
}

/** Always the same, so it is worded once. */
const help = tokenHelp()
