import { loadTerminal } from '../../config/config.ts'
import type { Change } from '../../domain/change/change.ts'
import { nameOfStack } from '../../domain/change/known-stacks.ts'
import { namesakesOf } from '../../domain/change/namesakes.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { ChangeReads } from '../../ports/changes.ts'
import type { AuditEvent, LogReads } from '../../ports/log.ts'
import type { LookReads } from '../../ports/looks.ts'
import { type Around, changeSections } from '../../words/change.ts'
import { mentionedIn, plainLines } from '../../words/plain.ts'
import { stacksInLog } from '../../workflow/looks/known-stacks.ts'
import { command } from '../command.ts'
import { asJson, changeAsJson, entryAsJson } from '../json.ts'
import { named } from '../known-stacks.ts'
import { namesFor } from '../names.ts'
import { withStore } from '../store.ts'
import { moment, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { inWords } from './log-words.ts'
import { numberOf } from './number.ts'
import { pressedInWords } from './pressed-words.ts'

type Options = { readonly json?: boolean }

/** `change show`: everything on its card, and its entries in the log. */
export function showChange(typed: string, { json }: Options, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ env, now, tell, columns }) => {
    const id = numberOf(typed)
    const { database, slack } = loadTerminal({}, env)
    const { change, log, ...about } = await withStore({ database, now }, (store) => whole(store, id))
    if (json) return tell(asJson({ change: changeAsJson(change), log: log.map(entryAsJson) }))
    const sections = changeSections(change, about)
    const who = await namesFor([...mentionedIn(sections.flat()), ...log.map(({ actor }) => actor)], { slack, now })
    for (const pieces of sections.filter((pieces) => pieces.length > 0))
      for (const line of [...plainLines(pieces, who), '']) tell(line)
    const rows = log.map(({ seq, at, actor, event }) => [String(seq), moment(at), who(actor), whatIsSaid(event, id)])
    for (const line of table(['ENTRY', 'WHEN', 'WHO', 'WHAT'], rows, columns)) tell(line)
  })
}

function whatIsSaid(event: AuditEvent['event'], id: number): string {
  const said = inWords(event, id)
  return 'pressed' in event && event.pressed ? `${said}; ${pressedInWords(event.pressed)}` : said
}

type Whole = Around & { readonly change: Change; readonly log: readonly AuditEvent[] }

async function whole(store: ChangeReads & LookReads & LogReads, id: number): Promise<Whole> {
  const { change } = await store.get(id)
  const { stack, tokenUid } = change
  const open = await store.openChanges({ stack, tokenUid })
  const others = open
    .filter((other) => other.change.id !== id)
    .map(({ change }) => ({ id: change.id, link: null, isApplying: change.status === 'applying' }))
  const known = await stacksInLog(store)
  const stackTitle = (await store.knownFacts(stack))?.title ?? nameOfStack(known, stack)
  const tokens = await store.knownTokens()
  const [namesakes, uidEnd] = [namesakesOf(change, tokens), uidEndOf(change, tokens)]
  return { change: named(known, change), stackTitle, uidEnd, others, namesakes, log: await store.events(id) }
}
