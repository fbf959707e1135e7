import { expect, test } from 'vitest'
import { plainSettings } from '../../src/app/plain-settings.ts'
import { policyFrom, simplePolicy } from '../../src/config/policy-file.ts'
import type { Config } from '../../src/config/settings.ts'

const config: Config = {
  slack: {
    botToken: 'secret-bot',
    apiUrl: 'https://user:secret-api@slack.example/api/',
    transport: { kind: 'socket', appToken: 'secret-app', proxies: null },
  },
  database: '/var/lib/countersign.db',
  auditKey: 'secret-audit-key-of-32-characters',
  earlierAuditKeys: ['secret-key-of-before'],
  healthPort: null,
  listenHost: '127.0.0.1',
  anchors: { file: '/var/log/anchors', webhook: 'https://collector.example/secret-hook', syslog: null },
  logLevel: 'info',
  timing: { writeTimeout: 1, lease: 2, arrival: 4, sweep: 3 },
  stacks: [
    {
      name: 'website',
      apiKey: 'blt1',
      baseUrl: 'https://user:secret-base@eu-api.contentstack.com',
      authtoken: 'secret-authtoken',
      channel: 'C1',
      policy: policyFrom(simplePolicy(['U0BOB'], 1)),
      requestsPerSecond: 2,
      rateLimitFields: null,
    },
  ],
}

test('the settings in the log say how the app is set up, and contain no secret', () => {
  const kept = plainSettings(config, '1.2.3')
  expect(kept).toEqual({
    version: '1.2.3',
    transport: 'socket',
    slackApiUrl: 'https://slack.example/api/',
    database: '/var/lib/countersign.db',
    logLevel: 'info',
    healthPort: null,
    listenHost: '127.0.0.1',
    timing: { writeTimeout: 1, lease: 2, arrival: 4, sweep: 3 },
    auditKey: expect.stringMatching(/^[0-9a-f]{16}$/),
    anchors: { file: '/var/log/anchors', webhook: true, syslog: null },
    stacks: [
      {
        name: 'website',
        apiKey: 'blt1',
        baseUrl: 'https://eu-api.contentstack.com/',
        channel: 'C1',
        requestsPerSecond: 2,
        rateLimitFields: null,
      },
    ],
  })
  expect(JSON.stringify(kept)).not.toContain('secret')
  expect(plainSettings({ ...config, auditKey: null }, '1.2.3').auditKey).toBeNull()
})
