import { loadTerminal } from '../../config/config.ts'
import { idOfStack, type KnownStacks } from '../../domain/change/known-stacks.ts'
import { Refusal } from '../../domain/refusal.ts'
import { describe } from '../../domain/token/diff.ts'
import type { Token } from '../../domain/token/token.ts'
import { amongUnreadable, unreadableInWords } from '../../domain/token/unreadable.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { GoneToken, LookReads } from '../../ports/looks.ts'
import { changeWords } from '../../words/listed.ts'
import { plainLine, type Who } from '../../words/plain.ts'
import { recogniseStacks } from '../../workflow/looks/known-stacks.ts'
import { pointingToken } from '../../workflow/targets.ts'
import { command } from '../command.ts'
import { asJson, changeAsJson, tokenAsJson } from '../json.ts'
import { named } from '../known-stacks.ts'
import { namesFor } from '../names.ts'
import { pickToken, splitStack } from '../pick-token.ts'
import { lookAtTokens, type wanted } from '../stacks.ts'
import { withStore } from '../store.ts'
import { distinctly, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

type Options = { readonly json?: boolean }

/**
 * `token show`: its settings as the stack has them now, where its aliases were last seen to point, and its open
 * changes.
 */
export function showToken(typed: string, { json }: Options, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ env, now, tell }) => {
    const { stacks, database, slack } = loadTerminal({ stacks: 'all' }, env)
    const tokens = await tokensFor(typed, stacks)
    const { token, open } = await withStore({ database, now }, async (store) => {
      const known = await recogniseStacks(store, stacks)
      return asKnown(store, known, pickToken(tokens, typed, await goneIn(store, known)))
    })
    if (json)
      return tell(asJson({ token: tokenAsJson(token), openChanges: open.map(({ change }) => changeAsJson(change)) }))
    const who = await namesFor([], { slack, now })
    for (const line of [...settingsOf(token), '', ...openOn(token, open, who)]) tell(line)
  })
}

type Known = { readonly token: Token; readonly open: readonly StoredChange[] }

/** Adds what the database knows about the token to what its stack says. */
async function asKnown(store: ChangeReads & LookReads, known: KnownStacks, picked: Token): Promise<Known> {
  const id = idOfStack(known, picked.stack)
  const pointing = pointingToken({ ...picked, stack: id }, await store.knownFacts(id))
  const found = await store.openChanges({ stack: id, tokenUid: picked.uid })
  const open = found.map((stored) => ({ ...stored, change: named(known, stored.change) }))
  return { token: { ...pointing, stack: picked.stack }, open }
}

function settingsOf({ stack, uid, settings }: Token): string[] {
  const rows = [
    ...describe(settings).map(({ label, value }) => [label, value]),
    ...(settings.otherExpiry ?? []).map((text) => ['Other field about expiry', text]),
  ]
  return [oneLine(`${distinctly(settings.name)} on ${stack} (${uid})`), ...table(['SETTING', 'NOW'], rows, null)]
}

function openOn({ stack: stackTitle }: Token, open: Known['open'], who: Who): string[] {
  if (open.length === 0) return ['No change to it is open.']
  const beside = open.map(({ change }) => ({ id: change.id, link: null, isApplying: change.status === 'applying' }))
  return open.map((stored) => {
    const others = beside.filter(({ id }) => id !== stored.change.id)
    return plainLine(changeWords({ stored, stackTitle, link: null, others }), who).trim()
  })
}

async function tokensFor(typed: string, stacks: Parameters<typeof wanted>[0]): Promise<Token[]> {
  const named = stacks.filter(({ name }) => name === splitStack(typed).stack)
  const { tokens, unreadable, failures } = await lookAtTokens(named.length > 0 ? named : stacks)
  if (failures.length > 0) throw failures[0]
  const unread = amongUnreadable(unreadable, named.length > 0 ? splitStack(typed).name : typed)
  if (unread) throw new Refusal('unavailable', unreadableInWords(unread, unread.stack))
  return tokens
}

async function goneIn(store: ChangeReads & LookReads, known: KnownStacks): Promise<GoneToken[]> {
  return (await store.goneTokens()).map((token) => named(known, token))
}
