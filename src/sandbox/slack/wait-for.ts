import type { Workspace } from './workspace.ts'

/** A probe may look at something that no event of Slack's comes with, such as the stack. */
const againMs = 20

/** See `EmulatedSlack.waitFor`. */
export function createWaitFor(workspace: Workspace) {
  return function waitFor<T>(
    probe: () => T | undefined | null | false,
    what = 'what was waited for',
    timeoutMs = 60_000,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let thrown: unknown
      const again = setInterval(look, againMs)
      const forget = workspace.onChange(look)
      const stop = () => {
        clearInterval(again)
        forget()
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error(explain(workspace, what, timeoutMs), { cause: thrown }))
      }, timeoutMs)
      look()

      function look(): void {
        const answer = ask()
        if (answer === undefined || answer === null || answer === false) return
        stop()
        clearTimeout(timer)
        resolve(answer)
      }

      function ask(): T | undefined | null | false {
        try {
          return probe()
        } catch (error) {
          thrown = error
          return undefined
        }
      }
    })
  }
}

function explain({ calls, deliveries }: Workspace, what: string, timeoutMs: number): string {
  const lastCalls = calls
    .slice(-5)
    .map(({ method, status, answer }) => `${method}: ${answer?.error ?? answer?.ok ?? status}`)
  const lastDeliveries = deliveries
    .slice(-5)
    .map(({ kind, outcome, problem }) => [kind, outcome, problem].filter(Boolean).join(' '))
  return [
    `Waited ${timeoutMs} ms in vain for ${what}.`,
    `Last calls: ${lastCalls.join('; ') || 'none'}.`,
    `Last deliveries: ${lastDeliveries.join('; ') || 'none'}.`,
  ].join('\n')
}
