import { setTimeout as wait } from 'node:timers/promises'
import { passOverRefusal } from '../domain/refusal.ts'
import type { GivingUp } from '../slack/calls/giving-up.ts'
import type { ConnectedSlack } from './connect.ts'
import type { Core } from './core.ts'
import type { LogLines } from './log-lines.ts'
import type { Others } from './other-instances.ts'
import type { OpenRecord } from './record.ts'
import type { Homes } from './screens.ts'

type Limits = { readonly slackMs: number; readonly allMs: number }

/**
 * Milliseconds. Container runtimes kill a program that has not stopped after ten seconds: Slack's answers, which only
 * tell people, get the shorter wait, then everything else, like a stack's answer to an update.
 */
const stopsWithin: Limits = { slackMs: 5_000, allMs: 8_000 }

/** Milliseconds since the stop began: a database that has fallen silent must not keep the process from ending. */
const saidWithin = 9_000

/** There is no hurry: an update may take as long as its own limit allows. */
const handsOverWithin: Limits = { slackMs: 30_000, allMs: 60_000 }

type Deps = {
  readonly says: LogLines
  readonly slack: ConnectedSlack
  readonly givingUp: GivingUp
  readonly record: OpenRecord
  readonly others: Others
  readonly core: Core
  readonly homes: Homes
  readonly sweeps: { stop(): Promise<void> }
  /** Listens to other processes. */
  readonly hearing: { stop(): Promise<void> }
  readonly scrapes: { stop(): Promise<void> }
  readonly underWay: { idle(): Promise<void> }
}

/** Takes nothing more, lets work under way finish, within limits, and closes the database. */
export function createStopping(deps: Deps) {
  const { says, givingUp, core } = deps
  const { store } = deps.record
  const limits = createLimits(deps)
  let over: Promise<void> | null = null
  return { stop, handOver }

  /** Also hurries a hand-over that has begun. */
  function stop(): Promise<void> {
    const by = performance.now() + saidWithin
    limits.atMost(stopsWithin)
    over ??= inOrder(finish(deps), 'stops').then(async () => {
      const late = wait(Math.max(0, by - performance.now()), undefined, { ref: false })
      await Promise.race([lastWords(), late])
    })
    return over
  }

  async function lastWords(): Promise<void> {
    await store
      .note({ type: 'stopped' }, 'app', null)
      .then(() => deps.others.leave(store))
      .catch(passOverRefusal)
      .finally(() => store.close())
  }

  /** For others in this process, which take everything from here on. */
  function handOver(): Promise<void> {
    limits.atMost(handsOverWithin)
    over ??= inOrder(finishAll(deps), 'goes on').finally(() => store.close())
    return over
  }

  async function inOrder(finished: Promise<void>, then: 'stops' | 'goes on'): Promise<void> {
    const isDone = await limits.waitedFor(finished)
    says.givenUp(givingUp.unanswered(), isDone, then)
    for (const { id, answer } of await core.applier.stop()) says.lost(id, answer)
  }
}

/** Resolves once nothing is under way. */
async function finish({ slack, sweeps, hearing, core, homes }: Deps): Promise<void> {
  await slack.stop()
  await Promise.all([sweeps.stop(), hearing.stop()])
  slack.sender.stop()
  await core.catchUp.idle()
  await homes.homes.stop()
}

/** The same, plus what nobody would miss if the process ended. */
async function finishAll(deps: Deps): Promise<void> {
  await finish(deps)
  await deps.scrapes.stop()
  await deps.underWay.idle()
}

function createLimits({ givingUp, slack, homes }: Deps) {
  const late = Promise.withResolvers<false>()
  const timers: NodeJS.Timeout[] = []
  let isOver = false
  return { atMost, waitedFor }

  /** A shorter limit holds beside a longer one. */
  function atMost({ slackMs, allMs }: Limits): void {
    if (!isOver) timers.push(setTimeout(giveUp, slackMs), setTimeout(late.resolve, allMs, false))
  }

  function giveUp(): void {
    givingUp.giveUp()
    slack.sender.stop()
    void homes.homes.stop()
  }

  /** False if it was no longer waited for: whatever comes next catches up with what is recorded. */
  async function waitedFor(finished: Promise<void>): Promise<boolean> {
    try {
      return await Promise.race([finished.then(() => true), late.promise])
    } finally {
      isOver = true
      timers.forEach(clearTimeout)
    }
  }
}
