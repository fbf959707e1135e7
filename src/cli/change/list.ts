import { loadTerminal } from '../../config/config.ts'
import type { Change } from '../../domain/change/change.ts'
import { idOfStack } from '../../domain/change/known-stacks.ts'
import { inWords as statusInWords } from '../../domain/change/status.ts'
import { effectsOf, verdictOf } from '../../domain/policy/widening.ts'
import type { ChangeReads } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import type { LookReads } from '../../ports/looks.ts'
import { keptForGood, type UnreadableRow } from '../../storage/unreadable-rows.ts'
import type { Who } from '../../words/plain.ts'
import { stacksInLog } from '../../workflow/looks/known-stacks.ts'
import { command } from '../command.ts'
import { asJson, changeAsJson } from '../json.ts'
import { named } from '../known-stacks.ts'
import { namesFor } from '../names.ts'
import { pastToken } from '../past-token.ts'
import { withStore } from '../store.ts'
import { distinctly, moment, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

type Options = { readonly all?: boolean; readonly token?: string; readonly json?: boolean }

/** How many of the newest changes are listed if ended ones are wanted too. */
const most = 200

/** `change list`: the open changes, or with `all` the newest ones, ended or not; only one token's if it is named. */
export function listChanges(options: Options, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ env, now, tell, complain, columns }) => {
    const { database, slack } = loadTerminal({}, env)
    const onUnreadable = (found: UnreadableRow) => {
      const what = keptForGood(found)
      if (what) complain(`${what} can't be read from the database, and is left out: verify the log.`)
    }
    const changes = await withStore({ database, now, onUnreadable }, (store) => listed(store, options))
    if (options.json) return tell(asJson({ changes: changes.map(changeAsJson) }))
    const who = await namesFor(
      changes.map(({ requester }) => requester),
      { slack, now },
    )
    if (changes.length === 0) tell(noneOf(options))
    for (const line of changeTable(changes, who, columns)) tell(line)
    if (options.all && changes.length === most) tell(`Older ones are left out: these are the newest ${most}.`)
  })
}

async function listed(store: ChangeReads & LookReads & LogReads, { all, token }: Options): Promise<readonly Change[]> {
  const known = await stacksInLog(store)
  const picked = token === undefined ? null : await pastToken(store, known, token)
  const of = picked && { stack: idOfStack(known, picked.stack), tokenUid: picked.uid }
  const found = await (all ? store.changes({ ...(of && { of }), most }) : store.openChanges(of ?? undefined))
  return found.map(({ change }) => named(known, change))
}

function noneOf({ all, token }: Options): string {
  const toIt = token === undefined ? '' : ` to ${distinctly(token)}`
  return all
    ? `Nobody has asked for a change${toIt} yet.`
    : `No change${toIt} is open. Add --all to list those that have ended.`
}

function changeTable(changes: readonly Change[], who: Who, columns: number | null): string[] {
  if (changes.length === 0) return []
  const rows = changes.map((change) => [
    `#${change.id}`,
    distinctly(change.before.name),
    change.stack,
    who(change.requester),
    moment(change.proposedAt),
    verdictOf(effectsOf(change.before, change.after)),
    statusInWords(change, besideIn(changes, change)),
  ])
  return table(['CHANGE', 'TOKEN', 'STACK', 'ASKED BY', 'ASKED', 'VERDICT', 'STATE'], rows, columns)
}

/** The other changes in the table to the same token. */
function besideIn(changes: readonly Change[], { id, stack, tokenUid }: Change) {
  return changes
    .filter((other) => other.id !== id && other.stack === stack && other.tokenUid === tokenUid)
    .map((other) => ({ id: other.id, isApplying: other.status === 'applying' }))
}
