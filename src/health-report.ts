import type { HealthReport } from './health-server.ts'
import type { LastAnchor } from './workflow/anchor-rounds.ts'
import type { Health } from './workflow/health.ts'
import type { LastLook } from './workflow/looks.ts'

type Seen = {
  readonly version: string
  readonly keyed: boolean
  readonly listening: boolean
  readonly looks: readonly LastLook[]
  readonly anchors: {
    readonly places: readonly string[]
    readonly last: Readonly<Record<string, LastAnchor>>
    readonly at: Date
  }
}

/** What GET /health says: of several things that are wrong, the one to see to first. */
export function healthReport(health: Health, { version, keyed, listening, looks, anchors }: Seen): HealthReport {
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
    status: trouble ? 'read-only' : doubt ? 'log in doubt' : listening ? 'ok' : 'not listening',
    version,
    log,
    slack: { listening },
    stacks: looks.map(({ at, failed }) => ({ lookedAt: at, failed })),
  }
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
