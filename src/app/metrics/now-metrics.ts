import type { HealthReport } from '../health/health-server.ts'
import type { Delays } from './delays.ts'
import type { MetricsOf, Value } from './registry.ts'
import type { Tally, Traffic } from './traffic.ts'

/** Known without reading the log: how things are, and what this process has done since its start. */
export type Now = {
  readonly health: HealthReport
  readonly traffic: Pick<Traffic, 'slackCalls' | 'looks'>
  readonly delays: Delays
  readonly databaseBytes: number | null
}

type Show = (now: Now) => void

export function createNowMetrics(metrics: MetricsOf): Show {
  const all = [...ofTheApp(metrics), ...ofSlack(metrics), ...ofStacks(metrics), ...ofTheDatabase(metrics)]
  return (now) => {
    for (const show of all) show(now)
  }
}

function ofTheApp({ gauge }: MetricsOf): Show[] {
  const info = gauge('countersign_info', 'The version that runs; always 1.', ['version'])
  const health = gauge('countersign_health', 'The status that /health has now; always 1.', ['status'])
  const help = 'The delay of the event loop since the previous scrape: median, 99th percentile and maximum.'
  const delay = gauge('countersign_event_loop_delay_seconds', help, ['quantile'])
  return [
    (now) => info.show([[{ version: now.health.version }, 1]]),
    (now) => health.show([[{ status: now.health.status }, 1]]),
    ({ delays }) => delay.show(delays.map(([quantile, seconds]): Value => [{ quantile }, seconds])),
  ]
}

function ofSlack({ gauge, counted }: MetricsOf): Show[] {
  const standing = gauge('countersign_slack_connections', 'Connections to Slack that are open; missing over HTTP.')
  const came = counted('countersign_slack_deliveries_total', 'What Slack delivered since the start.')
  const acked = counted('countersign_slack_acks_total', 'How much of that was acknowledged.')
  const callsHelp = "Calls to Slack since the start, by method and by Slack's error; none for success."
  const calls = counted('countersign_slack_calls_total', callsHelp, ['method', 'error'])
  const postsHelp = 'Cards and messages to be tried again: refused at the last try (failing), or without an answer.'
  const posts = gauge('countersign_slack_posts_waiting', postsHelp, ['why'])
  return [
    ({ health: { slack } }) => standing.show(slack.connections ? [[{}, slack.connections.standing]] : []),
    ({ health }) => came.show([[{}, health.slack.came]]),
    ({ health }) => acked.show([[{}, health.slack.acked]]),
    ({ traffic }) => calls.show(traffic.slackCalls().map(asValue)),
    ({ health: { slack } }) =>
      posts.show([
        [{ why: 'failing' }, slack.posts.failing],
        [{ why: 'in_doubt' }, slack.posts.inDoubt],
      ]),
  ]
}

function ofStacks({ gauge, counted }: MetricsOf): Show[] {
  const looksHelp = 'Looks at a token, or at all tokens, since the start, by how they went; ok for success.'
  const looks = counted('countersign_stack_looks_total', looksHelp, ['stack', 'answer'])
  const reachable = gauge('countersign_stack_reachable', '1 if the last attempt to look at it worked, 0 if not.', [
    'stack',
  ])
  const at = gauge('countersign_stack_listed_timestamp_seconds', 'When all its tokens were last listed.', ['stack'])
  return [
    ({ traffic }) => looks.show(traffic.looks().map(asValue)),
    ({ health }) => reachable.show(health.stacks.map(({ name, failed }) => [{ stack: name }, Number(!failed)])),
    ({ health }) => at.show(health.stacks.flatMap(({ name, lookedAt }) => instantOf({ stack: name }, lookedAt))),
  ]
}

function ofTheDatabase({ gauge }: MetricsOf): Show[] {
  const size = gauge(
    'countersign_database_bytes',
    'The size of the database; of a file, with what SQLite keeps next to it.',
  )
  const help = 'When a place outside the database last got a checkpoint of the audit log.'
  const anchored = gauge('countersign_log_anchored_timestamp_seconds', help, ['place'])
  return [
    ({ databaseBytes }) => size.show(databaseBytes === null ? [] : [[{}, databaseBytes]]),
    ({ health }) =>
      anchored.show(
        Object.entries(health.log.anchors).flatMap(([place, last]) => instantOf({ place }, last?.at ?? null)),
      ),
  ]
}

function asValue({ labels, times }: Tally): Value {
  return [labels, times]
}

function instantOf(labels: Value[0], at: string | null): Value[] {
  return at === null ? [] : [[labels, Date.parse(at) / 1000]]
}
