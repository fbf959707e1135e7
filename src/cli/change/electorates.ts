import type { TerminalConfig } from '../../config/config.ts'
import type { StackConfig } from '../../config/settings.ts'
import { Refusal } from '../../domain/refusal.ts'
import { openWebApi } from '../../slack/calls/web-api.ts'
import { askedAmongOurselves, createChannels } from '../../slack/people/channels.ts'
import { createPeople } from '../../slack/people/people.ts'
import { createElectorates, type Electorates } from '../../workflow/changes/electorates.ts'

/**
 * The people who may ask and decide on this stack, as the app would say; the requester has to be somebody who may use
 * it.
 */
export async function electoratesFor(
  stack: StackConfig,
  { slack }: TerminalConfig,
  now: () => Date,
): Promise<Electorates> {
  if (!slack) throw new Error('Slack has to be asked who may decide, and there is no token for it.')
  const { client, installation } = await openWebApi(slack)
  const people = createPeople({ client, installation, now })
  const open = createElectorates({ people, policyFor: () => stack.policy, nameFor: () => stack.name, now })
  const channels = createChannels({ client, now })
  const electorates = askedAmongOurselves({ electorates: open, channels, channelFor: () => stack.channel })
  return {
    ...electorates,
    requirementFor: async (edit, undone) => {
      const obstacle = await people.obstacle(edit.requester)
      if (obstacle !== null)
        throw new Refusal('not_allowed', `${edit.requester} can't ask for anything: ${obstacle}. Nothing was sent.`)
      return electorates.requirementFor(edit, undone)
    },
  }
}
