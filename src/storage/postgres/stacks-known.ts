import { type KnownStacks, knownStacks, stacksInSettings } from '../../domain/change/known-stacks.ts'
import { type On, statement } from './statements.ts'

export const lastBody = statement<{ body: string }>(
  'last-body',
  'select body from audit_events where type = $1 order by seq desc limit 1',
)

/** The stacks by the log: see `stacksInLog`. */
export async function stacksKnownIn(on: On): Promise<KnownStacks> {
  const [known] = await lastBody(on, 'stacks_known')
  if (known) return knownStacks.parse(JSON.parse(known.body))
  const [settings] = await lastBody(on, 'settings_changed')
  return stacksInSettings(settings ? JSON.parse(settings.body).settings : null)
}
