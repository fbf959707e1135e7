import { policyFrom, simplePolicy } from '../../src/config/policy-file.ts'
import type { Config } from '../../src/config/settings.ts'

/** Settings in which each secret has a number to tell it by. */
export const config: Config = {
  slack: {
    botToken: 'xoxb-secret-1',
    apiUrl: null,
    transport: { kind: 'http', signingSecret: 'signing-secret-2', port: 0, host: '127.0.0.1' },
  },
  database: '',
  auditKey: 'audit-key-6',
  earlierAuditKeys: ['audit-key-5'],
  healthPort: null,
  listenHost: '127.0.0.1',
  anchors: { file: null, webhook: 'https://collector.example/secret-7', syslog: null },
  logLevel: 'debug',
  timing: { writeTimeout: 1, lease: 2, arrival: 4, sweep: 1 },
  stacks: [
    {
      name: 'website',
      apiKey: 'blt1',
      baseUrl: '',
      authtoken: 'authtoken-3',
      channel: '',
      policy: policyFrom(simplePolicy(['U0BOB'], 1)),
      requestsPerSecond: 2,
      rateLimitFields: null,
    },
  ],
}
