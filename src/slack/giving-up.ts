import { GivenUp } from './said.ts'

export type GivingUp = ReturnType<typeof createGivingUp>

/** For a stop, which is not to take long: from `giveUp` on, no answer of Slack's is waited for, and nothing is asked. */
export function createGivingUp() {
  const waiting = new Set<() => void>()
  const methods = new Set<string>()
  let isOver = false
  return { giveUp, unlessOver, givenUp: (): readonly string[] => [...methods] }

  function giveUp(): void {
    isOver = true
    for (const end of waiting) end()
  }

  /** What the call resolves to. Throws GivenUp where that is not waited for any longer. */
  async function unlessOver<T>(method: string, call: () => Promise<T>): Promise<T> {
    if (isOver) throw given(method, false)
    const over = Promise.withResolvers<never>()
    const end = () => over.reject(given(method, true))
    waiting.add(end)
    try {
      return await Promise.race([call(), over.promise])
    } finally {
      waiting.delete(end)
    }
  }

  function given(method: string, wasAsked: boolean): GivenUp {
    methods.add(method)
    return new GivenUp(method, wasAsked)
  }
}
