type Rounds = { stop(): Promise<void> }

/**
 * Does its work at once, and again and again: a round begins `pause` milliseconds after the last has ended, even if
 * that one failed. `stop` resolves once no round is under way.
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

/**
 * Work that takes its turn with others in a round, and is skipped if it last began less than `pause` milliseconds ago,
 * by a clock in milliseconds that nobody can set. After `soon` it is due anyway.
 */
export function atMostEvery(pause: number, work: () => Promise<unknown>, ticks: () => number) {
  let due = ticks() + pause
  return { turn, soon }

  function soon(): void {
    due = ticks()
  }

  async function turn(): Promise<void> {
    if (ticks() < due) return
    due = ticks() + pause
    await work()
  }
}
