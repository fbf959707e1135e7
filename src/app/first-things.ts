import type { Config } from '../config/settings.ts'
import { version } from '../version.ts'
import { noteStart } from '../workflow/log/start.ts'
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

/** Done at each start before anybody is listened to: tells the log of the start, and acts on what changed meanwhile. */
export async function doFirstThings({ config, clocks: { now }, says, record, core }: Deps) {
  const { store, whole, known, others } = record
  if (config.auditKey === null) says.noKey()
  for (const lacking of await store.keysLacking()) says.keyLacking(lacking)
  const policies = new Map(config.stacks.map(({ name, policy }) => [name, policy]))
  await noteStart({ store, version, policies, settings: plainSettings(config, version), others })
  await setChangesAside({ store: whole, known, now, onAside: says.aside })
  await core.cutOff.find()
  const anew = createRulingAnew({ store, electorates: core.electorates, now, onFailure: says.notRuledAnew })
  await anew.turn()
  says.cardsMoved(await core.catchUp.findMisplaced())
  return { anew }
}
