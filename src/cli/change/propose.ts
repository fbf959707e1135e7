import { randomUUID } from 'node:crypto'
import { loadTerminal, type TerminalConfig } from '../../config/config.ts'
import type { StackConfig } from '../../config/settings.ts'
import { auditKey } from '../../domain/audit/chain.ts'
import * as Asking from '../../domain/change/asking.ts'
import type { Edit } from '../../domain/change/edit.ts'
import { idOfStack, type KnownStacks } from '../../domain/change/known-stacks.ts'
import { namesakesOf } from '../../domain/change/namesakes.ts'
import { operatorId } from '../../domain/operator.ts'
import type { Requirement } from '../../domain/policy/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import { check, errorsInWords } from '../../domain/token/check.ts'
import { same } from '../../domain/token/diff.ts'
import { keepingTargets, pointing } from '../../domain/token/targets.ts'
import type { StackFacts, Token } from '../../domain/token/token.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import { awaitedFrom } from '../../workflow/changes/awaited.ts'
import { createChanges } from '../../workflow/changes/changes.ts'
import type { Electorates } from '../../workflow/changes/electorates.ts'
import { ofKnownStacks } from '../../workflow/looks/known-stacks.ts'
import { command, type Here } from '../command.ts'
import { named, stacksAsStarted } from '../known-stacks.ts'
import { pickToken, splitStack } from '../pick-token.ts'
import { stackOf, wanted } from '../stacks.ts'
import { withStore } from '../store.ts'
import type { Terminal } from '../terminal.ts'
import { edited } from '../typed-edit.ts'
import { earlierProposal } from './earlier-proposal.ts'
import { electoratesFor } from './electorates.ts'
import { type Outcome, tellEarlier, tellOutcome } from './outcome.ts'
import type { Proposal } from './proposal.ts'

/** `change propose`: through the same gate as the form. The people who decide, and those who are told, are in Slack. */
export function proposeChange(proposal: Proposal, terminal: Terminal): Promise<number> {
  return command(terminal, async (here) => {
    const { env, now } = here
    const name = stackNameIn(proposal)
    const config = loadTerminal({ stacks: name, people: true, log: true }, env)
    const [stack] = wanted(config.stacks, name)
    const where = { database: config.database, now, key: auditKey(config.auditKey) }
    await withStore(where, async (whole) => {
      const known = await stacksAsStarted(whole, config.stacks, name)
      const store = ofKnownStacks(whole, known)
      const canonical = async () => (await electoratesFor(stack!, config, now)).canonical(proposal.as)
      const earlier = await earlierProposal(store, proposal, { known, canonical })
      if (earlier) return tellEarlier(named(known, earlier), proposal, here)
      const outcome = await propose({ proposal, store, known, stack: stack!, config, here })
      const edit = named(known, outcome.edit)
      const change = outcome.change && named(known, outcome.change)
      await tellOutcome({ ...outcome, edit, change }, proposal, { config, here })
    })
  })
}

function stackNameIn({ token }: Proposal): string {
  const { stack } = splitStack(token)
  if (stack !== '') return stack
  throw new Refusal('invalid', `"${token}" does not name a stack: give --token as in website/ci-deploy.`)
}

type Proposing = {
  readonly proposal: Proposal
  readonly store: ChangeReads & ChangeWrites & LookReads & LookWrites & LogReads & LogWrites
  readonly known: KnownStacks
  readonly stack: StackConfig
  readonly config: TerminalConfig
  readonly here: Here
}

async function propose({ proposal, store, known, stack, config, here }: Proposing): Promise<Outcome> {
  const { now, user } = here
  const reason = proposal.reason.trim()
  const electorates = await electoratesFor(stack, config, now)
  const { token, tokens, facts: seen } = await lookAt(stack, proposal.token)
  const id = idOfStack(known, stack.name)
  const facts = keepingTargets(seen, (await store.knownFacts(id)) ?? {})
  const { uid: tokenUid, settings: before } = token
  const after = edited(before, proposal)
  requireSound({ before, after, reason, facts, now: now() })
  const who = { requester: await electorates.canonical(proposal.as), enteredBy: operatorId(user) }
  const edit = { stack: id, tokenUid, ...who, ...pointing({ before, after }, facts) }
  const others = (await store.openChanges({ stack: id, tokenUid })).map(({ change }) => change.id)
  const awaited = await awaitedFrom(store, { stack: id, tokenUid, id: null }, now().toISOString())
  const asNamed = { ...edit, stack: token.stack }
  const [namesakes, uidEnd] = [namesakesOf(asNamed, tokens), uidEndOf(asNamed, tokens)]
  const said = { edit, stackTitle: facts.title, uidEnd, others, namesakes, awaited, asOf: now().toISOString() }
  if (proposal.dryRun)
    return { ...said, change: null, requirement: await tryOut(edit, { reason, electorates, at: now().toISOString() }) }
  // An earlier look at the aliases is out of date now, and must not be used to judge this change.
  await store.rememberFacts(id, facts)
  const changes = createChanges({ store, electorates, policyFor: () => stack.policy, now })
  const change = await changes.propose({ ...edit, reason }, `terminal:${proposal.origin ?? randomUUID()}`)
  return { ...said, change, requirement: change.requirement }
}

type Trying = { readonly reason: string; readonly electorates: Electorates; readonly at: string }

/** The rule that it meets. Throws as a proposal would, and leaves no trace in the log. */
async function tryOut(edit: Edit, { reason, electorates, at }: Trying): Promise<Requirement> {
  const requirement = await electorates.requirementFor(edit)
  const proposal = { reverts: null, ...edit, reason, requirement, expiresAt: at, remindAt: at }
  Asking.propose(proposal, await electorates.forEdit([requirement], [edit.requester]), at)
  return requirement
}

type Seen = { readonly token: Token; readonly tokens: readonly Token[]; readonly facts: StackFacts }

async function lookAt(stack: StackConfig, typed: string): Promise<Seen> {
  const live = stackOf(stack)
  const [tokens, facts] = await Promise.all([live.tokens(), live.facts()])
  return { token: pickToken(tokens, typed), tokens, facts }
}

/** The errors that the form would show at its fields. */
function requireSound(asked: Parameters<typeof check>[0]): void {
  if (same(asked.before, asked.after))
    throw new Refusal('no_changes', 'Nothing would change: say what to edit, as with --grant entry=write.')
  const errors = errorsInWords(check(asked))
  if (errors !== '') throw new Refusal('invalid', `${errors} Nothing was sent.`)
}
