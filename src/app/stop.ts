import { passOverRefusal } from '../domain/refusal.ts'
import type { GivingUp } from '../slack/calls/giving-up.ts'
import type { ConnectedSlack } from './connect.ts'
import type { Core } from './core.ts'
import type { LogLines } from './log-lines.ts'
import type { OpenRecord } from './record.ts'
import type { Homes } from './screens.ts'

/**
 * Milliseconds. Container runtimes kill a program that has not stopped after ten seconds: Slack's answers, which only
 * tell people, get the shorter wait, then everything else, like a stack's answer to an update.
 */
const stopsWithin = { slackMs: 5_000, allMs: 8_000 }

type Deps = {
  readonly says: LogLines
  readonly slack: ConnectedSlack
  readonly givingUp: GivingUp
  readonly record: OpenRecord
  readonly core: Core
  readonly homes: Homes
  readonly healthServer: { stop(): Promise<void> } | null
  readonly sweeps: { stop(): Promise<void> }
}

/** Takes nothing more, lets work under way finish, within limits, and closes the database. */
export async function stopInOrder(deps: Deps): Promise<void> {
  const { says, givingUp, core, record, healthServer } = deps
  const isDone = await withoutDelay(finish(deps), deps)
  says.givenUp(givingUp.unanswered(), isDone)
  await healthServer?.stop()
  for (const { id, answer } of await core.applier.stop()) says.lost(id, answer)
  const { store } = record
  await store
    .note({ type: 'stopped' }, 'app', null)
    .catch(passOverRefusal)
    .finally(() => store.close())
}

/** Resolves once nothing is under way. */
async function finish({ slack, sweeps, core, homes }: Deps): Promise<void> {
  await slack.stop()
  await sweeps.stop()
  slack.sender.stop()
  await core.catchUp.idle()
  await homes.homes.stop()
}

/** False if it was no longer waited for: the next start catches up with what is recorded. */
async function withoutDelay(finished: Promise<void>, { givingUp, slack, homes }: Deps): Promise<boolean> {
  const impatient = setTimeout(() => {
    givingUp.giveUp()
    slack.sender.stop()
    void homes.homes.stop()
  }, stopsWithin.slackMs)
  const over = Promise.withResolvers<false>()
  const last = setTimeout(over.resolve, stopsWithin.allMs, false)
  return Promise.race([finished.then(() => true), over.promise]).finally(() => {
    clearTimeout(impatient)
    clearTimeout(last)
  })
}
