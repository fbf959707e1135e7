import { loadTerminal } from '../../config/config.ts'
import { reasonAuthor } from '../../domain/change/askers.ts'
import type { Change } from '../../domain/change/change.ts'
import { idOfStack, type KnownStacks } from '../../domain/change/known-stacks.ts'
import type { ChangeReads } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { OutsideEdit, PastReads } from '../../ports/past.ts'
import { plainLine, type Who } from '../../words/plain.ts'
import { standing } from '../../words/standing.ts'
import { stacksInLog } from '../../workflow/looks/known-stacks.ts'
import { command } from '../command.ts'
import { differences } from '../differences.ts'
import { asJson, changeAsJson } from '../json.ts'
import { named } from '../known-stacks.ts'
import { namesFor } from '../names.ts'
import { pastToken } from '../past-token.ts'
import { splitStack } from '../pick-token.ts'
import { withStore } from '../store.ts'
import { moment, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

type Options = { readonly json?: boolean }

/** At most this many changes of one token are listed. */
const most = 1000

/** `token history`: all its changes, newest first, from the database alone: the token itself may be gone. */
export function tellHistory(typed: string, { json }: Options, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ env, now, tell, columns }) => {
    const { database, slack } = loadTerminal({}, env)
    const { of, changes: stored, edits } = await withStore({ database, now }, (store) => historyOf(store, typed))
    const changes = stored.map(({ change }) => change)
    if (json) return tell(asJson({ token: of, changes: changes.map(changeAsJson), outsideEdits: edits }))
    const who = await namesFor(changes.flatMap(peopleIn), { slack, now })
    for (const line of [...askedHere(changes, who, columns), ...editedElsewhere(edits, columns)]) tell(line)
  })
}

function peopleIn(change: Change): string[] {
  const approvers = change.approvals.map(({ by }) => by)
  return [change.requester, reasonAuthor(change) ?? '', ...approvers, endedBy(change)]
}

const head = ['CHANGE', 'ASKED', 'BY', 'WHAT', 'WHY', 'APPROVED BY', 'OUTCOME']

function askedHere(changes: readonly Change[], who: Who, columns: number | null): string[] {
  if (changes.length === 0) return ['Nobody ever asked for a change to it.']
  const rows = changes.map((change) => [
    `#${change.id}`,
    moment(change.proposedAt),
    [change.requester, ...(change.enteredBy === undefined ? [] : [change.enteredBy])].map(who).join(', entered by '),
    differences(change),
    `${change.reason}${byAnother(change, who)}`,
    change.approvals.map(({ by }) => who(by)).join(', ') || 'nobody',
    plainLine(standing(change), who),
  ])
  return table(head, rows, columns)
}

function byAnother(change: Change, who: Who): string {
  const author = reasonAuthor(change)
  return author === null || author === change.requester ? '' : ` (${who(author)})`
}

function editedElsewhere(edits: readonly OutsideEdit[], columns: number | null): string[] {
  const rows = edits.map(({ at, fact }) => [moment(at), fact.by ?? 'not said', differences(fact)])
  return rows.length > 0 ? ['', ...table(['EDITED ELSEWHERE, SEEN', 'BY', 'WHAT'], rows, columns)] : []
}

function endedBy(change: Change): string {
  if (change.status === 'rejected') return change.rejectedBy
  return change.status === 'cancelled' ? change.cancelledBy : ''
}

async function historyOf(store: ChangeReads & PastReads & LookReads & LogReads, typed: string) {
  const known = await stacksInLog(store)
  const { stack, name: uid } = splitStack(typed)
  const changesOf = (stack: string, tokenUid: string) =>
    store.changes({ of: { stack: idOfStack(known, stack), tokenUid }, most })
  const gone = await changesOf(stack, uid)
  const of = gone.length > 0 ? { stack, uid } : await pastToken(store, known, typed)
  const changes = gone.length > 0 ? gone : await changesOf(of.stack, of.uid)
  const { entries } = await store.past({ stack: idOfStack(known, of.stack), tokenUid: of.uid }, { skip: 0, size: most })
  return {
    of: { stack: of.stack, uid: of.uid },
    changes: changes.map((stored) => ({ ...stored, change: named(known, stored.change) })),
    edits: entries.flatMap((entry) => (entry.kind === 'edit' ? [withName(known, entry.edit)] : [])),
  }
}

function withName(known: KnownStacks, edit: OutsideEdit): OutsideEdit {
  return { ...edit, fact: named(known, edit.fact) }
}
