import type { Leaving } from '../../ports/chat.ts'

type Options = {
  /** Resolves to false if somebody else has to say it, or nobody. */
  readonly take: () => Promise<boolean>
  readonly giveBack: (error: unknown) => Promise<void>
}

/**
 * A message that only one process at a time may send. It takes the claim when the message leaves, since Slack may keep
 * it waiting for longer than a claim holds, and gives it back if the message did not arrive.
 */
export function createClaim<T>({ take, giveBack }: Options) {
  let isOurs = false
  const leaving: Leaving<T> = async (post) => {
    isOurs = await take()
    if (!isOurs) return null
    try {
      return await post()
    } catch (error) {
      isOurs = false
      await giveBack(error)
      throw error
    }
  }
  return { leaving, isOurs: () => isOurs }
}
