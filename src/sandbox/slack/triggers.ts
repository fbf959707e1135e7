import type { Clock } from './clock.ts'
import { hex } from './ids.ts'
import { LIMITS } from './limits.ts'

export type Trigger = { readonly person: string; readonly viewId: string | null }

/** Permission to open a view in answer to what somebody just did: good once, for 3 seconds (slack.md §2). */
export type Triggers = {
  issue(trigger: Trigger): string
  /** The person the trigger came from; the name of Slack's error if it is not good. */
  exchange(id: unknown): Trigger | 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id'
}

export function createTriggers(clock: Clock): Triggers {
  const issued = new Map<string, Trigger & { at: number; used: boolean }>()
  return {
    issue(trigger) {
      const at = clock.now()
      const id = `${Math.floor(at)}.${issued.size + 1}.${hex(16)}`
      issued.set(id, { ...trigger, at, used: false })
      return id
    },
    exchange(id) {
      const trigger = issued.get(String(id))
      if (!trigger) return 'invalid_trigger_id'
      if (trigger.used) return 'exchanged_trigger_id'
      if (clock.now() - trigger.at > LIMITS.triggerMs) return 'expired_trigger_id'
      trigger.used = true
      return trigger
    },
  }
}
