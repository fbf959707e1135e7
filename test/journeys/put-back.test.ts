import { copyFileSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { expect } from 'vitest'
import { onFile } from '../support/engine.ts'
import { startWorld, transports } from '../support/journey.ts'

onFile.each(transports)(
  'after a backup was put back, no older card decides on the change that has its number now (%s)',
  async (transport) => {
    const { alice, bob, slack, stack, config, restarts } = await startWorld({ transport })
    const backup = `${config.database}.backup`
    const file = new Sqlite(config.database)
    await file.backup(backup)
    file.close()
    const old = await alice.asksFor('ci-deploy', { description: 'Only words' })
    await bob.presses(old, 'approve_with_comment')
    await bob.modalCalled('approve_form')
    await restarts({}, [], () => putBack(backup, config.database))
    const fresh = await alice.asksFor('ci-deploy', { 'module.content_type': 'write' })
    expect([bob.readsCard(old), bob.readsCard(fresh)]).toEqual([
      expect.stringMatching(/· #1\n.*Only words/s),
      expect.stringMatching(/· #1\n.*Content types: read → read and write/s),
    ])

    await bob.submits()
    expect(bob.reads()).toContain('is not what is stored as change #1')
    await bob.presses(old, 'approve')
    await alice.presses(old, 'cancel')
    for (const person of [alice, bob]) expect((await person.hears())[0]).toContain('is not what is stored as change #1')
    await slack.waitFor(
      () => bob.readsCard(old).includes('Content types: read → read and write'),
      'the card as it is now',
    )
    expect(stack.takenUpdates()).toBe(0)
    await bob.approves(bob.card(old))
    await slack.waitFor(() => /was applied/.test(bob.card(fresh).text), 'the outcome')
  },
)

function putBack(backup: string, database: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true })
  copyFileSync(backup, database)
}
