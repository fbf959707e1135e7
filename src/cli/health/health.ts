import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { healthPlace } from '../../config/config.ts'
import { visible } from '../../domain/text.ts'
import { command, type Here, messageOf } from '../command.ts'
import type { Terminal } from '../terminal.ts'

const why = z.string().nullable().default(null)
const part = z.object({ why })

/** The parts of the answer that say how the app is; an app that starts or stops has only its status. */
const answer = z.object({
  status: z.string(),
  waitsFor: z.array(z.string()).default([]),
  log: z.object({ why, doubt: z.string().nullable().default(null) }).optional(),
  slack: part.optional(),
  stacks: z.array(part.extend({ name: z.string() })).default([]),
})
type Answer = z.infer<typeof answer>

/** The app answers from memory. */
const longestMs = 5_000

/**
 * Asks GET /health of the app on this machine, at HEALTH_PORT. Resolves to the exit code: 0 if the app can do its work, 1
 * if it can't or gives no answer, 2 if it can't be asked.
 */
export function tellHealth(terminal: Terminal, withinMs = longestMs): Promise<number> {
  const asking = async ({ tell, complain, env }: Here) => {
    const place = healthPlace(env)
    const found = await ask(place, withinMs).catch(whyNot(withinMs))
    if (typeof found === 'string') {
      complain(visible(`Countersign does not answer at ${place.host}, port ${place.port}: ${found}.`))
      return 1
    }
    for (const line of linesOf(found)) tell(visible(line))
    return found.status === 'ok' ? 0 : 1
  }
  return command(terminal, asking, { exitCode: 2, nothingWas: 'checked' })
}

/** An answer that does not come is aborted, in words of Node's that say nothing of it. */
function whyNot(withinMs: number): (error: unknown) => string {
  return (error) => {
    const isLate = error instanceof Error && error.name === 'AbortError'
    return isLate ? `there was no answer within ${withinMs / 1000} seconds` : messageOf(error)
  }
}

/** Never through a proxy: the app is on this machine. */
async function ask({ host, port }: { host: string; port: number }, withinMs: number): Promise<Answer> {
  // Imported from the start, it would make the app load Node's own HTTP client too.
  const { Agent, get } = await import('node:http')
  const signal = AbortSignal.timeout(withinMs)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host, port, path: '/health', agent: new Agent(), signal }, resolve).once('error', reject)
  })
  const body = answer.safeParse(inJson(await beginningOf(response)))
  if (body.success) return body.data
  throw new Error(`what answers there is not its /health (HTTP ${response.statusCode})`)
}

/** As much as the app's own answer may take; anything longer is not from the app. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const read: Buffer[] = []
  let bytes = 0
  for await (const part of response) {
    read.push(part)
    bytes += part.length
    if (bytes > mostBytes) break
  }
  return Buffer.concat(read).toString('utf8')
}

const mostBytes = 1_000_000

function inJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function linesOf({ status, waitsFor, log, slack, stacks }: Answer): string[] {
  const reasons = [
    ['log', log?.why],
    ['log', log?.doubt],
    ['Slack', slack?.why],
    ...stacks.map(({ name, why }) => [name, why]),
  ]
  return [status, ...waitsFor, ...reasons.flatMap(([what, why]) => (why ? [`${what}: ${why}`] : []))]
}
