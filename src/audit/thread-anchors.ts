import type { KeptCheckpoint } from '../domain/anchor-check.ts'
import { Refusal } from '../domain/refusal.ts'
import { openWebApi } from '../slack/bolt.ts'
import { readCheckpoints } from '../slack/checkpoints.ts'
import { openEvidence } from '../storage/evidence.ts'

export type SlackAccess = { readonly botToken: string; readonly apiUrl: string | null }

/** The checkpoints that the app posted in the threads of the cards that the database at `path` names. */
export async function readThreads(path: string, slack: SlackAccess | null): Promise<KeptCheckpoint[]> {
  if (!slack)
    throw new Refusal(
      'unavailable',
      'Reading the threads takes SLACK_BOT_TOKEN, which is not set. Nothing was checked.',
    )
  const { client } = await openWebApi(slack)
  const anchors: KeptCheckpoint[] = []
  for await (const { permalink, edited, ...checkpoint } of readCheckpoints({ client, cards: cardsIn(path) }))
    anchors.push({ ...checkpoint, from: edited ? `${permalink} (edited since it was posted)` : permalink })
  return anchors
}

function cardsIn(path: string) {
  const evidence = openEvidence(path)
  try {
    return evidence.cards()
  } finally {
    evidence.close()
  }
}
