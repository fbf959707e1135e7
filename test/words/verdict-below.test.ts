import { expect, test } from 'vitest'
import type { Settings } from '../../src/domain/token/token.ts'
import { plainLine } from '../../src/words/plain.ts'
import { verdictBelow } from '../../src/words/verdict-below.ts'
import { settings } from '../support/world.ts'

const access = (modules: Settings['permissions']['modules']) => ({
  permissions: { everything: 'none' as const, modules },
})
const custom = (read: number, write: number) => ({ rateLimits: { kind: 'custom' as const, read, write } })
const entry = access({ entry: 'read' })

test.each<[string, Partial<Settings>, Partial<Settings>, string]>([
  ['the only thing', entry, access({ entry: 'read', asset: 'write' }), ''],
  ['the only loss', entry, access({}), ''],
  ['a branch', { branches: ['main'], aliases: [] }, { branches: ['main', 'dev'] }, ''],
  [
    'the first of several',
    entry,
    access({ entry: 'write', asset: 'write', webhook: 'read' }),
    'Also gains read and write on assets; gains read on webhooks.',
  ],
  [
    'the better half',
    access({ entry: 'write' }),
    access({ entry: 'read', asset: 'read' }),
    'Also loses write on entries.',
  ],
  ['a later day', { expiresOn: '2027-01-01' }, { expiresOn: '2027-04-01' }, 'Widens: expires 90 days later.'],
  ['a first day', { expiresOn: null }, { expiresOn: '2027-04-01' }, 'Narrows: had no expiry until now.'],
  ['no day', { expiresOn: '2027-04-01' }, { expiresOn: null }, 'Widens: was to expire on 2027-04-01.'],
  ['a rate', custom(10, 10), custom(20, 10), 'Widens: the read limit was 10 a second.'],
  [
    'no branches',
    { branches: ['main'], aliases: [] },
    { branches: [] },
    'May widen or narrow: what it then reaches is not known.',
  ],
  [
    'the first branches',
    { branches: [], aliases: [] },
    { branches: ['main'] },
    'May widen or narrow: what it reached until now is not known.',
  ],
  ['something unknown', {}, { otherScope: ['{"module":"odd"}'] }, 'May widen or narrow what the token may do.'],
  ['no effect', {}, { name: 'ci' }, 'Neutral: what the token may do stays the same.'],
  [
    'an alias, without where it points',
    { branches: ['main'], aliases: [], aliasTargets: {} },
    { aliases: ['live'], aliasTargets: { live: 'dev' } },
    'Widens: reaches alias "live" (→ "dev").',
  ],
])('below a headline, a verdict does not repeat %s', (_, before, after, said) => {
  const edit = { before: settings(before), after: settings({ ...before, ...after }) }
  expect(plainLine(verdictBelow(edit), (id) => id)).toBe(said)
})
