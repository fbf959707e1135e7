import type { Config, StackConfig } from '../config/settings.ts'
import { auditKey } from '../domain/audit/chain.ts'

/**
 * The settings as the audit log keeps them, so that it shows when they changed: named one by one, so that no secret comes
 * along. The policies are kept on their own.
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
    /** Which key the log is chained with, as every entry names it too. */
    auditKey: auditKey(config.auditKey)?.id ?? null,
    anchors: { file: anchors.file, webhook: anchors.webhook !== null, syslog: anchors.syslog },
    stacks: stacks.map(plainStack),
  }
}

function plainStack({ name, apiKey, baseUrl, organisation, channel, requestsPerSecond, rateLimitFields }: StackConfig) {
  const ofOrganisation = organisation === undefined ? {} : { organisation }
  return { name, apiKey, baseUrl: withoutUser(baseUrl), ...ofOrganisation, channel, requestsPerSecond, rateLimitFields }
}

/** An address may carry a password. */
function withoutUser(address: string): string {
  const url = URL.parse(address)
  if (!url) return ''
  return Object.assign(url, { username: '', password: '' }).href
}
