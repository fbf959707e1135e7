import type { Elsewhere } from '../slack/edge/elsewhere.ts'
import { version } from '../version.ts'
import type { ConnectedSlack } from './connect.ts'
import type { Core } from './core.ts'
import { healthReport } from './health/health-report.ts'
import type { HealthReport } from './health/health-server.ts'
import type { Looking } from './looking.ts'
import type { OpenRecord } from './record.ts'
import type { SlackDoor } from './slack-door.ts'
import type { Stacks } from './stacks.ts'

type Deps = {
  readonly keyed: boolean
  readonly now: () => Date
  readonly slack: ConnectedSlack
  readonly slackDoor: SlackDoor
  readonly record: OpenRecord
  readonly stacks: Stacks
  readonly looking: Looking
  readonly core: Core
  readonly elsewhere: Elsewhere
}

/** The answer to GET /health from the running app. */
export function reportOf({
  keyed,
  now,
  slack,
  slackDoor,
  record,
  stacks,
  looking,
  core,
  elsewhere,
}: Deps): HealthReport {
  const { letIn, answering } = slackDoor
  return healthReport(record.health, {
    version,
    keyed,
    slack: slack.reach(),
    elsewhere: elsewhere.lastSeen(),
    posts: core.catchUp.unposted(),
    slackShut: letIn.shut(),
    slackSilent: answering.shut(),
    slackSpells: [...letIn.spells(), ...answering.spells()],
    looks: looking.looks.lastLooks().map((look) => ({ ...look, stack: stacks.nameFor(look.stack) })),
    anchors: { places: core.anchors.places, last: core.anchors.rounds.last(), at: now() },
  })
}
