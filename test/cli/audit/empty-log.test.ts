import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkpointOf } from '../../../src/domain/audit/chain.ts'
import { key, secret } from '../../support/audited.ts'
import { emptyDatabase, temporaryFile } from '../../support/file.ts'
import { postgresWithTables } from '../../support/postgres.ts'
import { exported, verify } from './around.ts'

const engines: readonly [string, () => Promise<string>][] = [
  ['a file', async () => emptyDatabase()],
  ['PostgreSQL', postgresWithTables],
]

describe.each(engines)('a log without an entry, in %s', (_, empty) => {
  test.each([
    ['with a key', { AUDIT_KEY: secret }],
    ['without one', {}],
  ])('is intact, is called empty, and stays so: %s', async (_, keys) => {
    const env = { COUNTERSIGN_DB: await empty(), ...keys }
    for (const _ of [1, 2])
      expect(await verify({}, env)).toEqual({
        code: 0,
        out: expect.stringMatching(/^intact: yes\ncomplete: not known without an anchor.*\nThere are no entries\./),
        err: 'The log is empty, so this was not recorded in it.',
      })
    expect((await exported({}, env)).err).toBe('The log is empty, so this was not recorded in it.')
  })

  test('is found to be emptied by an anchor', async () => {
    const anchors = temporaryFile('anchors.ndjson')
    const at = '2026-06-01T12:00:00.000Z'
    const kept = [0, 7].map((size) => ({ at, change: null, ...checkpointOf(size, 'f'.repeat(64), key) }))
    writeFileSync(anchors, kept.map((one) => `${JSON.stringify(one)}\n`).join(''))
    const { code, out } = await verify({ anchors: [anchors] }, { COUNTERSIGN_DB: await empty(), AUDIT_KEY: secret })
    expect([code, out]).toEqual([
      1,
      expect.stringContaining(
        `complete: no\n  - the log is empty, but line 2 of ${anchors} says that there were 7: all are missing\n`,
      ),
    ])
  })
})
