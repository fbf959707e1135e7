import type { Reach } from '../slack/edge/bolt.ts'
import type { LastAnchor } from '../workflow/anchor-rounds.ts'
import type { Unposted } from '../workflow/catch-up.ts'
import { lastingSince, type Shut, type Spell } from '../workflow/door.ts'
import type { Health } from '../workflow/health.ts'
import type { LastLook } from '../workflow/looks.ts'
import type { HealthReport } from './health-server.ts'

type Seen = {
  readonly version: string
  readonly keyed: boolean
  readonly slack: Reach
  /** When another process with another database was last seen to answer in Slack. */
  readonly elsewhere: string | null
  readonly posts: Unposted
  /** Why Slack does not let the app in; null while it does. */
  readonly slackShut: Shut | null
  /** Why Slack answers no call; null while it does. */
  readonly slackSilent: Shut | null
  /** When it did either of late. */
  readonly slackSpells: readonly Spell[]
  /** With the stacks called as the settings call them. */
  readonly looks: readonly LastLook[]
  readonly anchors: {
    readonly places: readonly string[]
    readonly last: Readonly<Record<string, LastAnchor>>
    readonly at: Date
  }
}

/** What GET /health says: of several things that are wrong, the one to see to first. */
export function healthReport(health: Health, seen: Seen): HealthReport {
  const { version, keyed, slack, elsewhere, posts, looks, anchors } = seen
  const [trouble, doubt] = [health.trouble(), health.doubt()]
  const log = {
    writable: !trouble,
    why: trouble?.why ?? null,
    since: trouble?.since ?? null,
    doubt,
    keyed,
    anchors: ages(anchors),
  }
  return {
    status: trouble ? 'read-only' : doubt ? 'log in doubt' : reached(seen),
    version,
    log,
    slack: { ...toldOf(slack), elsewhere, posts, ...troubleOf(seen) },
    stacks: looks.map(({ stack, at, failed, trouble, shut }) => ({
      name: stack,
      lookedAt: at,
      failed,
      ...of(shut ?? trouble),
    })),
  }
}

function reached({ slack, slackShut, slackSilent, looks }: Seen): HealthReport['status'] {
  if (slackShut) return 'not accepted by Slack'
  if (looks.some(({ shut }) => shut)) return 'not accepted by Contentstack'
  if (!slack.listening) return 'not listening'
  return slackSilent ? 'no answer from Slack' : 'ok'
}

function of(shut: Shut | null) {
  return { why: shut?.why ?? null, since: shut?.since ?? null }
}

/** The first thing to see to, and since when one thing or another was wrong: what ends last did not begin last. */
function troubleOf({ slack, slackShut, slackSilent, slackSpells }: Seen) {
  const why = slackShut?.why ?? slackSilent?.why ?? whyDeaf(slack)
  return { why, since: why === null ? null : lastingSince([...slackSpells, ...(slack.links?.deaf ?? [])]) }
}

/** Why nothing of Slack's arrives; null while a connection stands. */
function whyDeaf({ listening, links }: Reach): string | null {
  if (listening || links === null) return null
  return links.failure?.why ?? 'No connection to Slack stands; the next is being opened.'
}

function toldOf({ listening, came, acked, links }: Reach) {
  if (links === null) return { listening, came, acked }
  const { standing, counted, lastHello, failure } = links
  return { listening, came, acked, connections: { standing, counted, lastHello, ...of(failure) } }
}

/** The threads of cards are always one of the places. */
function ages({ places, last, at }: Seen['anchors']): HealthReport['log']['anchors'] {
  const all = ['thread', ...places].map((place) => {
    const kept = last[place]
    if (!kept) return [place, null] as const
    const ageSeconds = Math.max(0, Math.round((at.getTime() - Date.parse(kept.at)) / 1000))
    return [place, { at: kept.at, ageSeconds, size: kept.size }] as const
  })
  return Object.fromEntries(all)
}
