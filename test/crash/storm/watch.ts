import type { World } from '../world.ts'

/** Milliseconds between two looks if anything happens. */
const lookEvery = 300
/** Looks in a row that saw nothing happen: whatever is left waits for its time. */
const quietLooks = 4
/** Milliseconds. It ends a test that hangs. */
const longest = 300_000

/**
 * Waits for what people can see. Time passes whenever nothing at all happens: what a live process is about to do is done
 * before, so no time passes in the middle of it.
 */
export function createWatch({ slack, stack }: World, pass: () => Promise<void>, state: () => Promise<string>) {
  const lookers = new Set<() => void>()
  let quiet = 0
  const stops = [slack.onChange(changed), stack.onChange(changed)]
  const timer = setInterval(look, lookEvery)
  return { until, next, changed, stop }

  function changed(): void {
    quiet = 0
    for (const looker of [...lookers]) looker()
  }

  function look(): void {
    if (++quiet < quietLooks) return
    quiet = 0
    // While the server is down, no time passes.
    pass().then(changed, changed)
  }

  /** Resolves with the first answer of `probe` that is something, asking again whenever anything has changed. */
  function until<T>(what: string, probe: () => T | undefined | null | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(giveUp, longest)
      lookers.add(looker)
      looker()

      function looker() {
        const answer = probe()
        if (answer !== undefined && answer !== null && answer !== false) end(() => resolve(answer))
      }

      async function giveUp() {
        const seen = await state()
        end(() => reject(new Error(`Waited in vain for ${what}.\n${seen}`)))
      }

      function end(settle: () => void) {
        clearTimeout(timeout)
        lookers.delete(looker)
        settle()
      }
    })
  }

  /** Resolves when anything has changed. */
  function next(): Promise<void> {
    return new Promise((resolve) => {
      const looker = () => {
        lookers.delete(looker)
        resolve()
      }
      lookers.add(looker)
    })
  }

  function stop(): void {
    clearInterval(timer)
    for (const each of stops) each()
  }
}
