import type { Reach } from '../../slack/edge/bolt.ts'
import type { LastAnchor } from '../../workflow/log/anchor-rounds.ts'
import type { Health } from '../../workflow/log/health.ts'
import { lastingSince, type Shut, type Spell } from '../../workflow/looks/door.ts'
import type { LastLook } from '../../workflow/looks/reach.ts'
import type { Unposted } from '../../workflow/rounds/catch-up.ts'
import type { HealthReport } from './health-server.ts'

type Seen = {
  readonly version: string
  readonly keyed: boolean
  readonly slack: Reach
  /** When another process with another database was last seen answering in Slack. */
  readonly elsewhere: string | null
  readonly posts: Unposted
  /** The reason Slack does not let the app in; null while it does. */
  readonly slackShut: Shut | null
  /** The reason Slack answers no call; null while it does. */
  readonly slackSilent: Shut | null
  /** Recent times of either. */
  readonly slackSpells: readonly Spell[]
  /** Names the stacks as the settings do. */
  readonly looks: readonly LastLook[]
  readonly anchors: {
    readonly places: readonly string[]
    readonly last: Readonly<Record<string, LastAnchor>>
    readonly at: Date
  }
}

/** The answer to GET /health: of several things that are wrong, the one to see to first. */
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
  if (isDeaf(slack)) return 'not listening'
  return slackSilent ? 'no answer from Slack' : 'ok'
}

/** Networks cut both connections at once: the next try comes within two seconds, and opening one may take ten. */
export const shortlyDeafMs = 15_000

function isDeaf({ listening, links }: Reach): boolean {
  if (listening) return false
  return (links?.deafForMs ?? Number.POSITIVE_INFINITY) >= shortlyDeafMs
}

function of(shut: Shut | null) {
  return { why: shut?.why ?? null, since: shut?.since ?? null }
}

/**
 * The first thing to see to, and since when anything was wrong: the trouble that ends last need not have begun last.
 */
function troubleOf({ slack, slackShut, slackSilent, slackSpells }: Seen) {
  const why = slackShut?.why ?? slackSilent?.why ?? whyDeaf(slack)
  return { why, since: why === null ? null : lastingSince([...slackSpells, ...(slack.links?.deaf ?? [])]) }
}

/** The reason nothing arrives from Slack; null while a connection stands. */
function whyDeaf({ listening, links }: Reach): string | null {
  if (listening || links === null) return null
  return links.failure?.why ?? 'No connection to Slack is open; the next one is being opened.'
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
