import type { Leaving } from '../ports/chat.ts'

type Options = {
  /** Resolves to false where it is for somebody else to say, or for nobody. */
  readonly take: () => Promise<boolean>
  readonly giveBack: (error: unknown) => Promise<void>
}

/**
 * What one process at a time may say. It takes that on when the words leave, since Slack may keep them waiting for longer than a
 * claim holds, and gives it back when they did not arrive.
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
