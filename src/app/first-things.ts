import type { Config } from '../config/settings.ts'
import { version } from '../version.ts'
import { noteReload, noteStart } from '../workflow/log/start.ts'
import { setChangesAside } from '../workflow/looks/known-stacks.ts'
import { createRulingAnew } from '../workflow/rounds/rule-anew.ts'
import type { Clocks } from './clocks.ts'
import type { Core } from './core.ts'
import type { LogLines } from './log-lines.ts'
import { plainSettings } from './plain-settings.ts'
import type { OpenRecord } from './record.ts'

type Deps = {
  readonly config: Config
  readonly clocks: Clocks
  readonly says: LogLines
  readonly record: OpenRecord
  readonly core: Core
}

/** Done with new settings before anybody is listened to: tells the log of them, and acts on what changed. */
export function createFirstThings({ config, clocks: { now }, says, record, core }: Deps) {
  const { store, whole, known, others } = record
  const policies = new Map(config.stacks.map(({ name, policy }) => [name, policy]))
  const settings = { store, policies, settings: plainSettings(config, version), others }
  const anew = createRulingAnew({ store, electorates: core.electorates, now, onFailure: says.notRuledAnew })
  let isOwed = false
  return { anew: { turn }, atStart, beforeHandOver, afterHandOver }

  /** Does whatever failed before and is still to be done. */
  async function turn(): Promise<void> {
    if (isOwed) await afterHandOver()
    await anew.turn()
  }

  async function atStart(): Promise<void> {
    if (config.auditKey === null) says.noKey()
    for (const lacking of await store.keysLacking()) says.keyLacking(lacking)
    await noteStart({ ...settings, version })
    await setChangesAside({ store: whole, known, now, onAside: says.aside })
    await core.cutOff.find()
    await anew.turn()
    says.cardsMoved(await core.catchUp.findMisplaced())
  }

  /** The parts with the old settings are still at work, so what they have begun is left to them. */
  async function beforeHandOver(): Promise<void> {
    await noteReload(settings)
    await setChangesAside({ store: whole, known, now, onAside: says.aside })
    await anew.turn()
  }

  /** They have stopped: what was asked for through them meanwhile comes under the new settings as well. */
  async function afterHandOver(): Promise<void> {
    isOwed = false
    try {
      await comeAfter()
    } catch (error) {
      isOwed = true
      throw error
    }
  }

  async function comeAfter(): Promise<void> {
    await setChangesAside({ store: whole, known, now, onAside: () => {} })
    await core.cutOff.find()
    await anew.again()
    says.cardsMoved(await core.catchUp.findMisplaced())
  }
}
