import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import type { Config } from '../config/settings.ts'
import { askersOf, type Change } from '../domain/change/change.ts'
import type { Notice } from '../ports/presence.ts'
import { forgetWhatChanges } from '../slack/people/people.ts'
import { createAskers } from '../workflow/changes/askers.ts'
import type { Clocks } from './clocks.ts'
import { createClosedRules } from './closed-rules.ts'
import type { ConnectedSlack } from './connect.ts'
import type { Core } from './core.ts'
import type { LogLines } from './log-lines.ts'
import { namedIn } from './preflight.ts'
import type { OpenRecord } from './record.ts'
import { atMostEvery } from './rounds.ts'
import type { Stacks } from './stacks.ts'

/**
 * The longest that nobody may notice, while nobody wants anything, that the app is no longer let in or that a rule has
 * closed.
 */
export const unheardMs = minutesToMilliseconds(5)

type Deps = {
  readonly config: Config
  readonly clocks: Clocks
  readonly says: LogLines
  readonly slack: ConnectedSlack
  readonly news: () => void
}

export type Policies = ReturnType<typeof watchPolicies>

type Watching = Deps & {
  /** Called when the members of groups that cards name may have changed. */
  readonly groupsTurned: () => Promise<unknown>
}

/**
 * Tracks the rules and channels that can't be used now, because the people they name are gone or can't be looked up.
 */
export function watchPolicies({ config, clocks: { monotonic }, says, slack, news, groupsTurned }: Watching) {
  const closedRules = createClosedRules(config.stacks, slack, {
    atStart: slack.closed,
    onChange: (closed, open) => {
      says.closed(closed)
      says.open(open)
      void groupsTurned().catch(says.namedUnknown)
      news()
    },
  })
  return { closedRules, rules: atMostEvery(unheardMs, closedRules, monotonic) }
}

type People = Deps & {
  readonly record: OpenRecord
  readonly stacks: Stacks
  readonly core: Core
  readonly policies: Policies
  /** Called when somebody's App Home may show something else. */
  readonly newsFor: (person: string) => void
  /** Tells the other processes on this database. */
  readonly tellOthers: (notice: Notice) => void
}

/** Acts on what Slack says about people and groups: asks again who may ask and approve, and redraws what names them. */
export function followPeople({
  config,
  clocks: { now },
  says,
  slack,
  news,
  newsFor,
  tellOthers,
  record,
  stacks,
  core,
  policies,
}: People) {
  const { people, bolt } = slack
  const { electorates, stillNamed, catchUp } = core
  const named = new Set(config.stacks.flatMap(({ policy }) => namedIn(policy)))
  const { holdAll } = createAskers({ store: record.store, electorates, now })
  const holdThose = (concerns: (change: Change) => boolean) =>
    void holdAll(concerns, (id) => catchUp.soon(id)).catch(says.askersUnknown)
  forgetWhatChanges(bolt, {
    forgetPerson: (id) => {
      people.forgetPerson(id)
      tellOthers({ about: 'person', id })
      if (named.has(id)) policies.rules.soon()
      void stillNamed.turned(id).catch(says.namedUnknown)
      const forgotten = people.canonical(id).catch(() => id)
      void forgotten.then((person) => {
        newsFor(person)
        holdThose((change) => askersOf(change).some((asker) => asker === person || asker === id))
      })
    },
    forgetGroup: (group) => {
      people.forgetGroup(group)
      tellOthers({ about: 'group', id: group })
      if (named.has(group)) policies.rules.soon()
      news()
      void stillNamed.groupsTurned().catch(says.namedUnknown)
      holdThose(({ stack }) => stacks.policyFor(stack).mayAsk?.includes(group) ?? false)
    },
  })
}
