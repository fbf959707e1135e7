import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import type { Config } from '../config/settings.ts'
import { createPruning } from '../workflow/rounds/pruning.ts'
import type { Clocks } from './clocks.ts'
import type { ConnectedSlack } from './connect.ts'
import type { Core } from './core.ts'
import type { LogLines } from './log-lines.ts'
import type { Looking } from './looking.ts'
import { type Policies, unheardMs } from './policies.ts'
import type { OpenRecord } from './record.ts'
import { atMostEvery, everySoOften } from './rounds.ts'
import type { Homes } from './screens.ts'
import type { SlackDoor } from './slack-door.ts'
import type { Stacks } from './stacks.ts'

/** Milliseconds. Tidying up after a second of work takes no longer than an ack may wait. */
const tidyEvery = 1000

/** Milliseconds. Others count this process as gone after six times as long. */
const presentEvery = 5_000

/** The longest that nobody may notice, while nobody wants anything, that the log can't be written. */
const unprovenMs = minutesToMilliseconds(1)

type Deps = {
  readonly config: Config
  readonly clocks: Clocks
  readonly says: LogLines
  readonly slack: ConnectedSlack
  readonly slackDoor: SlackDoor
  readonly record: OpenRecord
  readonly stacks: Stacks
  readonly looking: Looking
  readonly core: Core
  readonly policies: Policies
  readonly homes: Homes
  /** Checks open changes against the current policy, if that could not be done at the start. */
  readonly anew: { turn(): Promise<void> }
  /** Says to other processes on this database that this one is there. */
  readonly isPresent: () => Promise<void>
}

/** Begins the work that repeats whether or not anybody acts. `stop` resolves once none of it is under way. */
export function beginSweeps(deps: Deps) {
  const { config, says, record, isPresent } = deps
  const sweep = everySoOften(config.timing.sweep, roundOf(deps), says.failedRound)
  const tidying = tidyingOf(record, says)
  // Without the database nothing works, which others report.
  const presence = everySoOften(presentEvery, isPresent, () => {})
  return {
    async stop() {
      await Promise.all([sweep.stop(), tidying.stop(), presence.stop()])
    },
  }
}

function roundOf({ clocks, slack, slackDoor, record, stacks, looking, core, policies, homes, anew }: Deps) {
  const { now, monotonic } = clocks
  const { store, health } = record
  const { watch, looks } = looking
  const prune = createPruning({ store, now, monotonic })
  // The results are noticed where those of all calls are: that tells who does not let the app in.
  const askToBeLetIn = () => Promise.all([slack.isLetIn(), stacks.askAll(looks.notListed)])
  const doors = atMostEvery(unheardMs, askToBeLetIn, monotonic)
  const proof = atMostEvery(unprovenMs, store.tryToWrite, monotonic)
  return async () => {
    // Waiting for a Slack that answers nothing would hold up everything else.
    if (slackDoor.calls.isToBeAsked()) void slack.isLetIn()
    if (slackDoor.answering.shut() === null) void slack.tellUntold()
    await doors.turn()
    await policies.rules.turn()
    if (health.trouble()) proof.soon()
    await proof.turn().catch(() => {})
    if (health.trouble()) return
    await core.catchUp.act()
    if (await watch.isNeeded()) await looks.refreshStale()
    await looks.retryFailed()
    await homes.homes.sweep()
    await core.anchors.rounds.round()
    await anew.turn()
    await store.sumUpRefusals()
    await prune()
  }
}

/** A failure is reported once, until it works again: what was written stays where it is and still counts. */
function tidyingOf({ store, health }: OpenRecord, says: LogLines) {
  let untidied = false
  const tidy = async () => {
    if (health.trouble()) return
    await store.tidy()
    untidied = false
  }
  return everySoOften(tidyEvery, tidy, (err) => {
    if (!untidied) says.untidied(err)
    untidied = true
  })
}
