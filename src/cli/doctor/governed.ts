import { channelProblems, lackingScope, type PolicyProblem, peopleNotes, peopleProblems } from '../../app/preflight.ts'
import type { StackConfig } from '../../config/settings.ts'
import { openWebApi } from '../../slack/calls/web-api.ts'
import { createChannels } from '../../slack/people/channels.ts'
import { createPeople } from '../../slack/people/people.ts'
import { type Check, error, ok, type Said, warning } from './finding.ts'

type Governed = {
  readonly stacks: readonly StackConfig[]
  readonly slack: { readonly botToken: string; readonly apiUrl: string | null }
  readonly now: () => Date
}

/** The channels for cards, and the people and groups in the policies, as Slack knows them. */
export async function governedChecks({ stacks, slack, now }: Governed): Promise<Check[]> {
  const opening = openWebApi(slack)
  opening.catch(() => {})
  return [
    {
      area: 'channels',
      look: () =>
        unlessLacking(async () => {
          const channels = createChannels({ client: (await opening).client, now })
          const problems = await channelProblems(stacks, channels)
          const names = [...new Set(stacks.map(({ channel }) => channel))].join(', ')
          return problems.length > 0
            ? problems.map(ofChannel)
            : ok(`The app is in ${names}, which only your own people can be in.`)
        }),
    },
    {
      area: 'policy',
      look: () =>
        unlessLacking(async () => {
          const people = createPeople({ ...(await opening), now })
          const problems = await peopleProblems(stacks, people)
          const notes = await Promise.all(stacks.map(({ policy }) => peopleNotes(policy, people)))
          const gone = [...new Set(notes.flat())].map((note) => warning(note, 'Take them out of the policy.'))
          const known = ok('Slack knows every group that the policy names, and every rule can be met.')
          return [...(problems.length > 0 ? problems.map(ofPolicy) : [known]), ...gone]
        }),
    },
  ]
}

function ofPolicy({ says, closes }: PolicyProblem): Said {
  return closes
    ? error(
        says,
        "Countersign runs, but changes that need it can't be asked for or approved until you change the policy, or there are enough people again.",
      )
    : error(says)
}

function ofChannel({ says, closes }: PolicyProblem): Said {
  return closes
    ? error(
        says,
        'Countersign runs, but nothing can be asked for or edited in this stack. What already waits can still be decided on, on App Home too.',
      )
    : error(says)
}

async function unlessLacking(look: () => Promise<Said | Said[]>): Promise<Said | Said[]> {
  try {
    return await look()
  } catch (failure) {
    const lacking = lackingScope(failure)
    if (lacking === null) throw failure
    return error(lacking)
  }
}
