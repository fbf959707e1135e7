import type { KeptCheckpoint } from '../../domain/anchor-check.ts'
import { Refusal } from '../../domain/refusal.ts'
import { openWebApi } from '../../slack/bolt.ts'
import { readCheckpoints } from '../../slack/checkpoints.ts'
import { slackTrouble } from '../../slack/errors.ts'
import { openEvidence } from '../../storage/evidence.ts'
import type { Around, SlackAccess } from './settings.ts'

/** How many threads Slack lets an app read in a minute, roughly. Source: slack.md §2. */
const aMinute = 50

/**
 * The checkpoints that the app posted in the threads of the cards of ended changes, as the database at `path` names them.
 * Throws a Refusal when they can't be read.
 */
export async function readThreads(path: string, slack: SlackAccess | null, { complain }: Pick<Around, 'complain'>) {
  if (!slack)
    throw new Refusal(
      'unavailable',
      'Reading the threads takes SLACK_BOT_TOKEN, which is not set. Nothing was checked.',
    )
  const cards = cardsIn(path)
  if (cards.length > aMinute)
    complain(`Reading ${cards.length} threads in Slack, which lets an app read some ${aMinute} a minute …`)
  try {
    const { client } = await openWebApi(slack)
    const anchors: KeptCheckpoint[] = []
    for await (const { permalink, edited, ...checkpoint } of readCheckpoints({ client, cards }))
      anchors.push({ ...checkpoint, from: edited ? `${permalink} (edited since it was posted)` : permalink })
    return anchors
  } catch (error) {
    throw inWords(error)
  }
}

function cardsIn(path: string) {
  const evidence = openEvidence(path)
  try {
    return evidence.cards()
  } finally {
    evidence.close()
  }
}

function inWords(error: unknown): unknown {
  const slackSays = slackTrouble(error)
  return slackSays === null ? error : new Refusal('unavailable', `${slackSays} Nothing was checked.`)
}
