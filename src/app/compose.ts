import type { Config } from '../config/settings.ts'
import type { Elsewhere } from '../slack/edge/elsewhere.ts'
import { createGate } from '../slack/edge/gate.ts'
import { watchSharing } from '../slack/people/channels.ts'
import { createUnderWay } from '../workflow/looks/under-way.ts'
import type { ConnectedSlack, ConnectedStack } from './connect.ts'
import { type Core, createCore } from './core.ts'
import type { Lasting } from './lasting.ts'
import { type Looking, lookAtStacks } from './looking.ts'
import { createNotices, type Notices } from './notices.ts'
import { followPeople, watchPolicies } from './policies.ts'
import { openRecord } from './record.ts'
import { createHomePages, type Homes } from './screens.ts'
import { watchSlackDoor } from './slack-door.ts'
import { stacksById } from './stacks.ts'

type Deps = Lasting & {
  readonly config: Config
  readonly slack: ConnectedSlack
  readonly connected: readonly ConnectedStack[]
}

/**
 * The parts of the running app, in the order in which they need each other. An earlier part reaches a later one through
 * a function, called only once there is something to tell.
 */
export async function compose(given: Deps) {
  const { clocks, slack, connected, traffic } = given
  const { monotonic } = clocks
  const news = () => homes.homes.changed()
  const record = await openRecord({ ...given, news })
  const attempted = (stack: string, uid: string, failure: unknown) => looking.looks.attempted(stack, uid, failure)
  const underWay = createUnderWay()
  const counted = connected.map(traffic.counting).map(underWay.waitingFor)
  const stacks = stacksById({ ...record, connected: counted, monotonic, attempted })
  const looking: Looking = lookAtStacks({
    ...given,
    store: record.store,
    stacks,
    news,
    soon: (id) => core.catchUp.soon(id),
    lookedElsewhere: (id) => core.applier.lookedElsewhere(id),
  })
  const slackDoor = watchSlackDoor({ ...given, onAnswersAgain: () => core.catchUp.peopleCanBeAsked() })
  const policies = watchPolicies({ ...given, news, groupsTurned: () => core.stillNamed.groupsTurned() })
  const seen = { ...given, record, stacks, looking, slackDoor, policies, news }
  const core: Core = createCore({ ...seen, onChannelTrouble: policies.rules.soon })
  const notices: Notices = createNotices({ ...seen, homesElsewhere: () => homes.homes.changedElsewhere() })
  const tellOthers = notices.tell
  const homes: Homes = createHomePages({ ...seen, core, onRound: () => tellOthers({ about: 'homes' }) })
  const parts = { ...seen, core, homes, notices, tellOthers, underWay }
  slack.hear((answered) => {
    traffic.slackCalled(answered)
    slackDoor.calls.hear(answered)
  })
  listenIn({ ...parts, newsFor: homes.homes.changedFor })
  return parts
}

type Listening = Parameters<typeof followPeople>[0] & Pick<Deps, 'log'> & { readonly elsewhere: Elsewhere }

/** Checks, before anything people do, who they are and whether they may be listened to at all. */
function listenIn(parts: Listening): void {
  const { slack, record, config, log, elsewhere, tellOthers } = parts
  const { bolt, channels } = slack
  bolt.use(elsewhere.around)
  bolt.use(createGate({ ...slack, note: (refused, actor) => record.store.noteRefusal(refused, actor, null) }))
  followPeople(parts)
  const approvals = new Set(config.stacks.map(({ channel }) => channel))
  watchSharing({ bolt, channels, onShared: (id) => tellOthers({ about: 'channel', id }), approvals, log })
}
