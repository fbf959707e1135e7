type Rounds = { stop(): Promise<void> }

/**
 * Does its work at once, and again and again: a round begins `pause` milliseconds after the one before has ended, and one that
 * fails is followed by the next. `stop` resolves once no round is under way.
 */
export function everySoOften(pause: number, work: () => Promise<void>, onFailure: (error: unknown) => void): Rounds {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let round = run()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await round
    },
  }

  async function run(): Promise<void> {
    await work().catch(onFailure)
    if (!stopped) timer = setTimeout(() => (round = run()), pause)
  }
}
