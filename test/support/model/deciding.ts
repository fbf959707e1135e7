import { passOverRefusal } from '../../../src/domain/refusal.ts'
import type { Command } from './commands.ts'
import type { createLedger } from './ledger.ts'
import { passOverDeath } from './life.ts'
import { patched } from './patches.ts'
import type { Process } from './process.ts'

type Around = {
  readonly process: () => Process
  readonly ledger: ReturnType<typeof createLedger>
  /** Waits for everything that a look has started. */
  readonly settled: () => Promise<void>
}

/** The acts of people on changes, each recorded in the ledger once the app says that it is done. */
export function createDeciding({ process, ledger, settled }: Around) {
  let asked = 0
  return { ask, decide }

  async function ask({ who, token, wanted }: Extract<Command, { do: 'ask' }>): Promise<void> {
    const { core, life } = process()
    if ((await core.store.openChanges()).length >= 4) return
    const seen = await Promise.race([core.looks.token('website', token), life.death]).catch(passOverDeath)
    await settled()
    if (!seen || !life.isAlive()) return
    const { settings: before } = seen
    const after = { ...before, ...patched(wanted, before, `asked ${++asked}`) }
    const edit = { stack: 'website', tokenUid: token, requester: who, before, after }
    const change = await core.changes.propose({ ...edit, reason: 'Because' }, `view-${asked}`).catch(passOverRefusal)
    if (change) ledger.asked(change.id, who, edit)
  }

  async function decide(command: Extract<Command, { which: number }>): Promise<void> {
    const { store, changes } = process().core
    const found = (await store.openChanges()).at(command.which)
    if (!found) return
    const { change } = found
    const { id, revision } = change
    const who = command.who === 'whoever asks' ? change.requester : command.who
    const press = { id, by: who, revision }
    switch (command.do) {
      case 'approve':
        await changes.approve(press, '', command.confirmed)
        return ledger.approved(change, who, command.confirmed)
      case 'reject':
        return void (await changes.reject(press, 'Not now'))
      case 'cancel':
        return void (await changes.cancel(id, who))
      case 'rebase':
        return ledger.revised(id, who, await changes.rebase(press))
      case 'take over':
        return ledger.takenOver(id, who, await changes.takeOver(press))
      case 'amend': {
        const after = { ...change.after, ...patched(command.wanted, change.after, `asked ${++asked}`) }
        return ledger.revised(id, who, await changes.amend(press, { after, reason: change.reason }))
      }
    }
  }
}
