import type { Words } from '../../words/words.ts'
import { escaped } from '../kit/blocks.ts'
import { inText } from '../kit/rich.ts'
import { actOf } from './acts.ts'
import { type Args, anyBody } from './any-body.ts'
import type { CameOf, Untold } from './untold.ts'

/** `later`: the words for somebody who reads them only then, escaped, if they differ. */
export type Said = Pick<CameOf, 'wasDone'> & { readonly words: string | Words; readonly later?: string | null }

/** Nobody waits for words that Slack does not take now, not even a stop. */
export async function sayOrKeep(args: Args, said: Said, untold: Pick<Untold, 'keep'>): Promise<void> {
  const act = actOf(args.body)
  const text = asText(said.words)
  await say(args, act.person, text).catch((error: unknown) =>
    untold.keep({ act, words: said.later ?? text, wasDone: said.wasDone }, error),
  )
}

export function asText(words: string | Words): string {
  return typeof words === 'string' ? escaped(words) : inText(words)
}

/** Sends a message if Slack does not take it at the address it gave for that. */
async function say(args: Args, person: string | undefined, text: string): Promise<void> {
  const { response_url } = anyBody.parse(args.body)
  const post = async () => {
    if (person !== undefined) await args.client.chat.postMessage({ channel: person, text })
  }
  if (!response_url || !('respond' in args) || !args.respond) return post()
  await args.respond({ response_type: 'ephemeral', replace_original: false, text }).catch(() => {
    // It does no harm if one person sees words twice.
    return post()
  })
}
