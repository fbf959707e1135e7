import type { HealthReport } from './health-server.ts'
import type { Health } from './workflow/health.ts'
import type { LastLook } from './workflow/looks.ts'

type Seen = {
  readonly version: string
  readonly keyed: boolean
  readonly listening: boolean
  readonly looks: readonly LastLook[]
}

/** What GET /health says: of several things that are wrong, the one to see to first. */
export function healthReport(health: Health, { version, keyed, listening, looks }: Seen): HealthReport {
  const [trouble, doubt] = [health.trouble(), health.doubt()]
  const log = { writable: !trouble, why: trouble?.why ?? null, since: trouble?.since ?? null, doubt, keyed }
  return {
    status: trouble ? 'read-only' : doubt ? 'log in doubt' : listening ? 'ok' : 'not listening',
    version,
    log,
    slack: { listening },
    stacks: looks.map(({ at, failed }) => ({ lookedAt: at, failed })),
  }
}
