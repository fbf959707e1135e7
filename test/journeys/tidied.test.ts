import { expect } from 'vitest'
import { onFile } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { rawConnection } from '../support/file.ts'
import { startWorld } from '../support/journey.ts'

type Beside = { log: number; checkpointed: number }

onFile(
  'the writes of a second of work are moved into the database by themselves, however long the rounds are apart',
  async () => {
    const { alice, config } = await startWorld({ transport: 'socket', timing: { sweep: 3600 } })
    await alice.asksFor('ci-deploy', { name: 'ci' })
    const raw = rawConnection(config.database)
    await eventually(() => {
      const [beside] = raw.pragma('wal_checkpoint(NOOP)') as [Beside]
      expect(beside.log).toBeGreaterThan(0)
      expect(beside.checkpointed).toBe(beside.log)
    })
  },
)
