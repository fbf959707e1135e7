import { loadTerminal, whereTheKeyMayBe } from '../../config/config.ts'
import { auditKey } from '../../domain/audit/chain.ts'
import { operatorId } from '../../domain/operator.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'
import type { LookReads } from '../../ports/looks.ts'
import { plainLine } from '../../words/plain.ts'
import { writtenInWords } from '../../words/written.ts'
import { createChanges } from '../../workflow/changes/changes.ts'
import { createElectorates } from '../../workflow/changes/electorates.ts'
import { stacksInLog } from '../../workflow/looks/known-stacks.ts'
import { command } from '../command.ts'
import { asJson, changeAsJson } from '../json.ts'
import { named } from '../known-stacks.ts'
import { withStore } from '../store.ts'
import type { Terminal } from '../terminal.ts'
import { numberOf } from './number.ts'

type Options = { readonly reason?: string; readonly json?: boolean }

/**
 * `change cancel`: as the operator, whoever asked for the change. The app tells the requester, and redraws the card.
 */
export function cancelChange(typed: string, { reason = '', json }: Options, terminal: Terminal): Promise<number> {
  return command(
    terminal,
    async ({ env, now, tell, user }) => {
      const id = numberOf(typed)
      const { database, ...config } = loadTerminal({ log: true }, env)
      const key = auditKey(config.auditKey)
      const change = await withStore({ database, now, key }, async (store) => {
        const cancelled = await cancelling(store, now)(id, operatorId(user), reason)
        return named(await stacksInLog(store), cancelled)
      })
      const said = `Change #${id} was cancelled; ${plainLine(writtenInWords(change), (person) => person)}.`
      tell(json ? asJson({ change: changeAsJson(change) }) : said)
    },
    { hint: whereTheKeyMayBe },
  )
}

/** Cancelling needs neither a policy nor Slack's knowledge of people. */
function cancelling(store: ChangeReads & ChangeWrites & LookReads & LogReads & LogWrites, now: () => Date) {
  const policyFor = () => {
    throw new Error('Cancelling a change does not need the policy.')
  }
  const people = { obstacle: async () => null, members: async () => [], canonical: async (id: string) => id }
  const electorates = createElectorates({ people, policyFor, now })
  return createChanges({ store, electorates, policyFor, now }).cancelAsOperator
}
