import { loadTerminal } from '../../config.ts'
import { auditKey } from '../../domain/chain.ts'
import type { Change } from '../../domain/change.ts'
import { idOfStack, nameOfStack } from '../../domain/known-stacks.ts'
import { namesakesOf } from '../../domain/namesakes.ts'
import { operatorId } from '../../domain/operator.ts'
import { Refusal } from '../../domain/refusal.ts'
import { inWords as statusInWords } from '../../domain/status.ts'
import { effectsOf, verdictOf } from '../../domain/verdict.ts'
import type { AuditEvent, Store } from '../../ports.ts'
import { type Around as CardAround, changeSections } from '../../slack/views/card.ts'
import { mentionedIn, plainLine, plainLines, type Who } from '../../slack/views/plain.ts'
import { rich } from '../../slack/views/words.ts'
import { writtenInWords } from '../../slack/views/written.ts'
import { keptForGood, type UnreadableRow } from '../../storage/unreadable-rows.ts'
import { createChanges } from '../../workflow/changes.ts'
import { createElectorates } from '../../workflow/electorates.ts'
import { stacksInLog } from '../../workflow/known-stacks.ts'
import { type Around, atTerminal } from '../command.ts'
import { asJson, changeAsJson, entryAsJson } from '../json.ts'
import { named } from '../known-stacks.ts'
import { namesFor } from '../names.ts'
import { pastToken } from '../past-token.ts'
import { reading, systemClock, working } from '../store.ts'
import { distinctly, moment, oneLine, table } from '../table.ts'
import { userOfThisProcess } from '../user.ts'
import { inWords } from './log-words.ts'

type Said = { readonly json?: boolean }

/** How many of the newest changes are told when ended ones are asked for, too. */
const most = 200

/** `change list`: the open changes, or with `all` the newest ones, ended or not; of one token when it is named. */
export function listChanges(options: Said & { all?: boolean; token?: string }, around: Around): Promise<boolean> {
  return atTerminal(around, async () => {
    const { env, now = systemClock, tell, complain, columns = null } = around
    const { database, slack } = loadTerminal({}, env)
    const onUnreadable = (found: UnreadableRow) => {
      const what = keptForGood(found)
      if (what) complain(`${what} can't be read from the database, and is left out: verify the log.`)
    }
    const changes = await reading(database, now, (store) => listed(store, options), onUnreadable)
    if (options.json) return tell(asJson({ changes: changes.map(changeAsJson) }))
    const who = await namesFor(
      changes.map(({ requester }) => requester),
      { slack, now },
    )
    for (const line of changeTable(changes, who, columns)) tell(line)
    if (options.all && changes.length === most) tell(`Older ones are left out: these are the newest ${most}.`)
  })
}

async function listed(store: Store, { all, token }: { all?: boolean; token?: string }): Promise<readonly Change[]> {
  const known = await stacksInLog(store)
  const picked = token === undefined ? null : await pastToken(store, known, token)
  const of = picked && { stack: idOfStack(known, picked.stack), tokenUid: picked.uid }
  const found = await (all ? store.changes({ ...(of && { of }), most }) : store.openChanges(of ?? undefined))
  return found.map(({ change }) => named(known, change))
}

function changeTable(changes: readonly Change[], who: Who, columns: number | null): string[] {
  if (changes.length === 0) return ['There are no such changes.']
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

/** Of those in the table, other ones to the same token. */
function besideIn(changes: readonly Change[], { id, stack, tokenUid }: Change) {
  return changes
    .filter((other) => other.id !== id && other.stack === stack && other.tokenUid === tokenUid)
    .map((other) => ({ id: other.id, isApplying: other.status === 'applying' }))
}

/** `change show`: all that its card says, and what the log has of it. */
export function showChange(number: string, { json }: Said, around: Around): Promise<boolean> {
  return atTerminal(around, async () => {
    const { env, now = systemClock, tell, columns = null } = around
    const id = idOf(number)
    const { database, slack } = loadTerminal({}, env)
    const { change, log, ...about } = await reading(database, now, (store) => whole(store, id))
    if (json) return tell(asJson({ change: changeAsJson(change), log: log.map(entryAsJson) }))
    const sections = changeSections(change, about)
    const who = await namesFor([...mentionedIn(sections.flat()), ...log.map(({ actor }) => actor)], { slack, now })
    tell(oneLine(`#${change.id} · ${distinctly(change.before.name)}`))
    for (const pieces of sections.filter((pieces) => pieces.length > 0))
      for (const line of ['', ...plainLines(pieces, who)]) tell(line)
    tell('')
    const rows = log.map(({ seq, at, actor, event }) => [String(seq), moment(at), who(actor), inWords(event, id)])
    for (const line of table(['ENTRY', 'WHEN', 'WHO', 'WHAT'], rows, columns)) tell(line)
  })
}

type Whole = CardAround & { readonly change: Change; readonly log: readonly AuditEvent[] }

async function whole(store: Store, id: number): Promise<Whole> {
  const { change } = await store.get(id)
  const { stack, tokenUid } = change
  const open = await store.openChanges({ stack, tokenUid })
  const others = open
    .filter((other) => other.change.id !== id)
    .map(({ change }) => ({ id: change.id, link: null, isApplying: change.status === 'applying' }))
  const known = await stacksInLog(store)
  const stackTitle = (await store.knownFacts(stack))?.title ?? nameOfStack(known, stack)
  const namesakes = namesakesOf(change, await store.knownTokens())
  return { change: named(known, change), stackTitle, others, namesakes, log: await store.events(id) }
}

/** `change cancel`: as the operator, whoever asked for it. The app tells them, and draws the card again. */
export function cancelChange(number: string, options: Said & { reason?: string }, around: Around): Promise<boolean> {
  return atTerminal(around, async () => {
    const { env, now = systemClock, tell, user = userOfThisProcess() } = around
    const id = idOf(number)
    const { database, ...config } = loadTerminal({ log: true }, env)
    const key = auditKey(config.auditKey)
    const change = await working({ path: database, now, key }, async (store) => {
      const cancelled = await cancelling(store, now)(id, operatorId(user), options.reason ?? '')
      return named(await stacksInLog(store), cancelled)
    })
    const said = `Change #${id} was cancelled; ${plainLine(rich(writtenInWords(change)), (person) => person)}.`
    tell(options.json ? asJson({ change: changeAsJson(change) }) : said)
  })
}

/** Whoever cancels is asked neither for a policy nor for what Slack knows of them. */
function cancelling(store: Store, now: () => Date) {
  const policyFor = () => {
    throw new Error('No policy is asked to cancel a change.')
  }
  const people = { obstacle: async () => null, members: async () => [], canonical: async (id: string) => id }
  const electorates = createElectorates({ people, policyFor, now })
  return createChanges({ store, electorates, policyFor, now }).cancelAsOperator
}

function idOf(number: string): number {
  const [, digits] = /^#?(\d{1,15})$/.exec(number) ?? []
  if (digits) return Number(digits)
  throw new Refusal('invalid', `"${number}" is not the number of a change: give one such as 42.`)
}
