import type { KeptCheckpoint } from '../../domain/audit/anchor-check.ts'
import { Refusal } from '../../domain/refusal.ts'
import { openWebApi } from '../../slack/calls/web-api.ts'
import { readCheckpoints } from '../../slack/card/checkpoints.ts'
import type { Here } from '../command.ts'
import { withEvidence } from '../store.ts'
import type { SlackAccess } from './settings.ts'

/** Roughly how many threads Slack lets an app read in a minute. Source: slack.md §2. */
const aMinute = 50

/**
 * The app's checkpoints in the threads of ended changes' cards, as the database at `path` names them. Throws a Refusal
 * if they can't be read.
 */
export async function readThreads(path: string, slack: SlackAccess | null, { complain }: Pick<Here, 'complain'>) {
  if (!slack)
    throw new Refusal(
      'unavailable',
      'Reading the threads needs SLACK_BOT_TOKEN, which is not set. Nothing was checked.',
    )
  const cards = await withEvidence(path, (evidence) => evidence.cards())
  if (cards.length > aMinute)
    complain(`Reading ${cards.length} threads in Slack, which lets an app read about ${aMinute} a minute …`)
  const { client } = await openWebApi(slack)
  const anchors: KeptCheckpoint[] = []
  for await (const { permalink, edited, ...checkpoint } of readCheckpoints({ client, cards }))
    anchors.push({ ...checkpoint, from: edited ? `${permalink} (edited since it was posted)` : permalink })
  return anchors
}
