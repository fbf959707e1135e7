import { isDeepStrictEqual } from 'node:util'
import { asTyped } from '../domain/as-typed.ts'
import type { Config } from './settings.ts'

type Fixed = { readonly called: string; readonly of: (config: Config) => unknown }

/** Everything that only a start can change. */
const fixed: readonly Fixed[] = [
  { called: 'SLACK_BOT_TOKEN', of: ({ slack }) => slack.botToken },
  { called: 'SLACK_API_URL', of: ({ slack }) => slack.apiUrl },
  {
    called: 'The way Slack reaches the app (SLACK_APP_TOKEN or SLACK_SIGNING_SECRET)',
    of: ({ slack }) => slack.transport.kind,
  },
  { called: 'COUNTERSIGN_DB', of: ({ database }) => database },
  { called: 'AUDIT_KEY', of: ({ auditKey }) => auditKey },
  { called: 'AUDIT_KEY_PREVIOUS', of: ({ earlierAuditKeys }) => earlierAuditKeys },
  { called: 'HEALTH_PORT', of: ({ healthPort }) => healthPort },
  { called: 'LISTEN_HOST', of: ({ listenHost }) => listenHost },
  { called: 'A proxy (HTTPS_PROXY, HTTP_PROXY or NO_PROXY)', of: ({ proxies }) => proxies ?? null },
]

/** For those whose way to the app is the same. */
const ofTheWay: readonly Fixed[] = [
  { called: 'SLACK_APP_TOKEN', of: ({ slack: { transport } }) => transport.kind === 'socket' && transport.appToken },
  {
    called: 'SLACK_SIGNING_SECRET',
    of: ({ slack: { transport } }) => transport.kind === 'http' && transport.signingSecret,
  },
  { called: 'PORT', of: ({ slack: { transport } }) => transport.kind === 'http' && transport.port },
]

/** A sentence for each setting that differs and can't change while the app runs. */
export function needRestart(before: Config, after: Config): string[] {
  const isSameWay = before.slack.transport.kind === after.slack.transport.kind
  return [...fixed, ...(isSameWay ? ofTheWay : [])]
    .filter(({ of }) => !isDeepStrictEqual(of(before), of(after)))
    .map(
      ({ called }) =>
        `${called} can't change while Countersign runs: put it back as it was, or stop Countersign and run "${asTyped('start')}".`,
    )
}
