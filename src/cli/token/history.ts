import { loadTerminal } from '../../config.ts'
import { reasonAuthor } from '../../domain/askers.ts'
import { accessInWords, describe, moduleInWords } from '../../domain/diff.ts'
import { expiryInWords } from '../../domain/expiry.ts'
import { idOfStack, type KnownStacks } from '../../domain/known-stacks.ts'
import { Refusal } from '../../domain/refusal.ts'
import { modules, type Permissions, type Token } from '../../domain/token.ts'
import { amongUnreadable, type UnreadableThere, unreadableInWords } from '../../domain/unreadable.ts'
import type { GoneToken, OutsideEdit, Store, StoredChange } from '../../ports.ts'
import { changeWords } from '../../slack/views/home-changes.ts'
import { plainLine, type Who } from '../../slack/views/plain.ts'
import { standing } from '../../slack/views/status.ts'
import { rich } from '../../slack/views/words.ts'
import { recogniseStacks, stacksInLog } from '../../workflow/known-stacks.ts'
import { pointingToken } from '../../workflow/targets.ts'
import { type Around, atTerminal, problemsOf } from '../command.ts'
import { differences } from '../differences.ts'
import { asJson, changeAsJson, tokenAsJson } from '../json.ts'
import { named } from '../known-stacks.ts'
import { namesFor } from '../names.ts'
import { pastToken } from '../past-token.ts'
import { pickToken, splitStack } from '../pick-token.ts'
import { lookAtTokens, wanted } from '../stacks.ts'
import { reading, systemClock } from '../store.ts'
import { distinctly, moment, oneLine, table } from '../table.ts'

type Said = { readonly json?: boolean }

/** `token list`: every token, as the stacks have it now. A stack that can't be read is said to be so, and fails the command. */
export function listTokens({ stack, json }: Said & { stack?: string }, around: Around): Promise<boolean> {
  return atTerminal(around, async () => {
    const { stacks } = loadTerminal({ stacks: stack ?? 'all' }, around.env)
    const { tokens, unreadable, failures } = await lookAtTokens(wanted(stacks, stack))
    if (json) around.tell(asJson({ tokens: tokens.map(tokenAsJson), unreadable }))
    else if (failures.length === 0 || tokens.length + unreadable.length > 0)
      for (const line of tokenTable(tokens, unreadable, around.columns ?? null)) around.tell(line)
    if (failures.length > 0)
      throw new AggregateError(failures, failures.flatMap((failure) => problemsOf(failure)).join('\n'))
  })
}

function tokenTable(
  tokens: readonly Token[],
  unreadable: readonly UnreadableThere[],
  columns: number | null,
): string[] {
  if (tokens.length + unreadable.length === 0) return ['There are no tokens.']
  const rows = tokens.map(({ stack, uid, settings }) => [
    distinctly(settings.name),
    stack,
    uid,
    mayDo(settings.permissions),
    expiryInWords(settings.expiresOn),
  ])
  const unread = unreadable.map(({ stack, uid, name, why }) => [
    distinctly(name ?? ''),
    stack,
    uid,
    `can't be read: ${why}`,
    '',
  ])
  return table(['TOKEN', 'STACK', 'UID', 'MAY', 'EXPIRES'], [...rows, ...unread], columns)
}

/** `read and write: Entries; read: Assets, Content types` */
function mayDo({ everything, modules: granted }: Permissions): string {
  const of = (access: 'read' | 'write') => {
    const names = modules.filter((module) => granted[module] === access).map(moduleInWords)
    return names.length > 0 ? [`${accessInWords(access)}: ${names.join(', ')}`] : []
  }
  const whole = everything === 'none' ? [] : [`${accessInWords(everything)}: the whole stack`]
  return [...whole, ...of('write'), ...of('read')].join('; ') || accessInWords('none')
}

/** `token show`: its settings as the stack has them now, what its aliases were last seen to point to, and its open changes. */
export function showToken(typed: string, { json }: Said, around: Around): Promise<boolean> {
  return atTerminal(around, async () => {
    const { env, now = systemClock, tell } = around
    const { stacks, database, slack } = loadTerminal({ stacks: 'all' }, env)
    const tokens = await tokensFor(typed, stacks)
    const { token, open } = await reading(database, now, async (store) => {
      const known = await recogniseStacks(store, stacks)
      const picked = pickToken(tokens, typed, await goneIn(store, known))
      const id = idOfStack(known, picked.stack)
      const pointing = pointingToken({ ...picked, stack: id }, await store.knownFacts(id))
      const found = await store.openChanges({ stack: id, tokenUid: picked.uid })
      const open = found.map((stored) => ({ ...stored, change: named(known, stored.change) }))
      return { token: { ...pointing, stack: picked.stack }, open }
    })
    if (json)
      return tell(asJson({ token: tokenAsJson(token), openChanges: open.map(({ change }) => changeAsJson(change)) }))
    const rows = [
      ...describe(token.settings).map(({ label, value }) => [label, value]),
      ...(token.settings.otherExpiry ?? []).map((text) => ['Other field about expiry', text]),
    ]
    tell(oneLine(`${distinctly(token.settings.name)} on ${token.stack} (${token.uid})`))
    for (const line of table(['SETTING', 'NOW'], rows, null)) tell(line)
    tell('')
    const who = await namesFor([], { slack, now })
    const beside = open.map(({ change }) => ({ id: change.id, link: null, isApplying: change.status === 'applying' }))
    for (const stored of open) {
      const others = beside.filter(({ id }) => id !== stored.change.id)
      tell(plainLine(rich(changeWords({ stored, stackTitle: token.stack, link: null, others })), who).trim())
    }
    if (open.length === 0) tell('No change to it is open.')
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

/** At most so many changes of one token are told. */
const most = 1000

/** `token history`: all its changes, the newest first, from the database alone: the token itself may have gone. */
export function tellHistory(typed: string, { json }: Said, around: Around): Promise<boolean> {
  return atTerminal(around, async () => {
    const { env, now = systemClock, tell, columns = null } = around
    const { database, slack } = loadTerminal({}, env)
    const { of, changes, edits } = await reading(database, now, (store) => historyOf(store, typed))
    if (json)
      return tell(
        asJson({ token: of, changes: changes.map(({ change }) => changeAsJson(change)), outsideEdits: edits }),
      )
    const ids = changes.flatMap(({ change }) => [
      change.requester,
      reasonAuthor(change) ?? '',
      ...change.approvals.map(({ by }) => by),
      endedBy(change),
    ])
    const who = await namesFor(ids, { slack, now })
    const rows = changes.map(({ change }) => [
      `#${change.id}`,
      moment(change.proposedAt),
      [change.requester, ...(change.enteredBy === undefined ? [] : [change.enteredBy])].map(who).join(', entered by '),
      differences(change),
      `${change.reason}${byAnother(change, who)}`,
      change.approvals.map(({ by }) => who(by)).join(', ') || 'nobody',
      plainLine(rich(standing(change)), who),
    ])
    const head = ['CHANGE', 'ASKED', 'BY', 'WHAT', 'WHY', 'APPROVED BY', 'OUTCOME']
    const lines = rows.length > 0 ? table(head, rows, columns) : ['No change to it was ever asked for.']
    for (const line of [...lines, ...editedElsewhere(edits, columns)]) tell(line)
  })
}

function byAnother(change: StoredChange['change'], who: Who): string {
  const author = reasonAuthor(change)
  return author === null || author === change.requester ? '' : ` (${who(author)})`
}

function editedElsewhere(edits: readonly OutsideEdit[], columns: number | null): string[] {
  const rows = edits.map(({ at, fact }) => [moment(at), fact.by ?? 'not said', differences(fact)])
  return rows.length > 0 ? ['', ...table(['EDITED ELSEWHERE, SEEN', 'BY', 'WHAT'], rows, columns)] : []
}

function endedBy(change: StoredChange['change']): string {
  if (change.status === 'rejected') return change.rejectedBy
  return change.status === 'cancelled' ? change.cancelledBy : ''
}

async function historyOf(store: Store, typed: string) {
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

async function goneIn(store: Store, known: KnownStacks): Promise<GoneToken[]> {
  return (await store.goneTokens()).map((token) => named(known, token))
}

function withName(known: KnownStacks, edit: OutsideEdit): OutsideEdit {
  return { ...edit, fact: named(known, edit.fact) }
}
