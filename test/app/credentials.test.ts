import { expect, test } from 'vitest'
import { createCredentials } from '../../src/app/credentials.ts'
import type { StackConfig } from '../../src/config/settings.ts'
import { config } from '../support/config.ts'

test('an OAuth credential, which may hold what nobody else has, is kept when settings are read again, unless its own have changed', () => {
  const [website] = config.stacks as [StackConfig]
  const oauth = {
    ...{ clientId: 'client', clientSecret: 'client-secret', redirectPort: 8184, scopes: ['read'], organisation: '' },
    ...{ appUrl: 'https://app.example', tokenUrl: 'https://app.example/token', key: 'k'.repeat(32), database: 'a.db' },
  } as unknown as NonNullable<StackConfig['oauth']>
  const { credentialFor } = createCredentials({ now: () => new Date(), monotonic: () => 0, ticks: undefined })
  const first = credentialFor({ ...website, oauth })
  expect(credentialFor({ ...website, channel: 'C0OTHER', oauth: { ...oauth } })).toBe(first)
  expect(credentialFor({ ...website, oauth: { ...oauth, clientSecret: 'another-secret' } })).not.toBe(first)
  expect(credentialFor({ ...website, oauth })).toBe(first)
})
