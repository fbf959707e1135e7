import type { Config, StackConfig } from '../config/settings.ts'
import { auditKey } from '../domain/audit/chain.ts'

/**
 * The settings for the audit log, which shows when they changed: named one by one, so that no secret comes along.
 * Policies are kept separately.
 */
export function plainSettings(config: Config, version: string): Record<string, unknown> {
  const { anchors, database, healthPort, listenHost, logLevel, slack, stacks, timing } = config
  return {
    version,
    transport: slack.transport.kind,
    slackApiUrl: slack.apiUrl && withoutUser(slack.apiUrl),
    database,
    logLevel,
    healthPort,
    listenHost,
    timing,
    /** The key that the log is chained with, by the id that every entry has too. */
    auditKey: auditKey(config.auditKey)?.id ?? null,
    anchors: { file: anchors.file, webhook: anchors.webhook !== null, syslog: anchors.syslog },
    stacks: stacks.map(plainStack),
  }
}

function plainStack(stack: StackConfig) {
  const { name, apiKey, baseUrl, oauth, organisation, channel, requestsPerSecond, rateLimitFields } = stack
  const only = { ...(oauth && { oauth: oauth.clientId }), ...(organisation !== undefined && { organisation }) }
  return { name, apiKey, baseUrl: withoutUser(baseUrl), ...only, channel, requestsPerSecond, rateLimitFields }
}

/** An address may contain a password. */
function withoutUser(address: string): string {
  const url = URL.parse(address)
  if (!url) return ''
  return Object.assign(url, { username: '', password: '' }).href
}
