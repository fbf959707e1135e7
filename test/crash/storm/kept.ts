import type { Delivery } from '../../../src/sandbox/slack/protocol.ts'
import type { Instance } from './instances.ts'
import type { Server } from './server.ts'

type Deps = {
  readonly server: Server
  readonly instances: readonly Instance[]
  readonly next: () => Promise<void>
}

/** Something that somebody decides about the change with this number, as the log calls it. */
export type Decision = { readonly id: number; readonly by: string; readonly type: string }

/** Holds what people were told is saved against the log, at once: the server may lose it, and the app must not repeat it. */
export function createKept({ server, instances, next }: Deps) {
  const lost: string[] = []
  const later: (() => Promise<void>)[] = []
  return { times, isAsked, check, checkLater, kills, allLost }

  /** How often the log says so. */
  async function times({ id, by, type }: Decision): Promise<number> {
    const sql = 'select count(*)::int as times from audit_events where change_id = $1 and actor = $2 and type = $3'
    for (;;)
      try {
        const { rows } = await server.pool.query<{ times: number }>(sql, [id, by, type])
        return rows[0]!.times
      } catch {
        // It is being restarted.
        await next()
      }
  }

  /** True if the log has a change for this token. Somebody whose form was closed relies on that: if not, it counts as lost. */
  async function isAsked(tokenUid: string, form: Delivery): Promise<boolean> {
    const sql = 'select 1 from change_requests where token_uid = $1'
    for (;;)
      try {
        const { rows } = await server.pool.query(sql, [tokenUid])
        if (rows.length === 0)
          lost.push(`A form was closed, and the log lacks what it asked for of ${tokenUid}: ${JSON.stringify(form)}`)
        return rows.length > 0
      } catch {
        // It is being restarted.
        await next()
      }
  }

  /** They were told that it is done: it is in the log now, where it was so often before. */
  async function check(decision: Decision, before: number): Promise<void> {
    if ((await times(decision)) > before) return
    const { by, type, id } = decision
    lost.push(`For all that ${by} can tell, it is done ("${type}" of #${id}), and the log lacks it.`)
  }

  /** The same for a press which was acked, unless the person is told something else by the end. */
  function checkLater(decision: Decision, before: number, isHeard: () => boolean): void {
    later.push(async () => {
      if (!isHeard()) await check(decision, before)
    })
  }

  async function allLost(): Promise<readonly string[]> {
    for (const one of later.splice(0)) await one()
    return lost
  }

  function kills(): number {
    return instances.reduce((sum, one) => sum + one.kills, 0)
  }
}

/** True for a form that the app took and closed: a refusal is acked, too, with a page that says so. */
export function isClosed({ kind, outcome, ackBody }: Delivery): boolean {
  const { response_action: answer } = (ackBody ?? {}) as { response_action?: string }
  return kind === 'view_submission' && outcome === 'acked' && (answer === undefined || answer === 'clear')
}
