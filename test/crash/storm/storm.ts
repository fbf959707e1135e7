import type pg from 'pg'
import { onTestFinished, type TestContext } from 'vitest'
import { createModel, type Party } from '../../support/model.ts'
import { createWorld, halfAMinute, impatient } from '../world.ts'
import { createFaults } from './faults.ts'
import { type Instance, skews, startInstance } from './instances.ts'
import { createKept } from './kept.ts'
import { approvers, deciders, lanes, people, tokens } from './lanes.ts'
import { ownServer } from './server.ts'
import { createWatch } from './watch.ts'

export type Storm = Awaited<ReturnType<typeof startStorm>>

/** Two of the three have to agree to whatever Alice asks. */
const parties: readonly Party[] = [{ from: deciders, quorum: 2 }]
const rules = { neutral: parties, wider: parties, narrower: parties }

/** Three processes of the app on one PostgreSQL, and a token for each of so many changes. */
export async function startStorm(context: TestContext, seed: number, changes: number) {
  let [passed, strikes] = [0, 0]
  const now = () => Date.now() + passed
  const server = await ownServer()
  const world = await createWorld(context, {
    // An update without an answer is not sent again before it can no longer arrive.
    timing: { ...impatient, arrival: 60 },
    slack: { people, now },
    stack: { tokens: tokens(changes), now },
    website: { approvers, approvals: 2 },
  })
  // So that a card which Slack took is found, though the app died before it knew.
  for (const scope of ['channels:history', 'groups:history']) world.slack.scopes.add(scope)
  const watch = createWatch(world, () => passes(), state)
  onTestFinished(watch.stop)
  const instances: Instance[] = await Promise.all(skews.map((skew) => startInstance({ world, server, struck }, skew)))
  onTestFinished(() => {
    for (const one of instances) one.leave()
  })
  await Promise.all(instances.map(({ app }) => app.ready))
  const faults = createFaults({ seed, world, server, instances, struck })
  const models = lanes.map(() => createModel(rules))
  return {
    seed,
    changes,
    world,
    server,
    instances,
    faults,
    models,
    kept: createKept({ server, instances, next: watch.next }),
    until: watch.until,
    next: watch.next,
    now,
    strikes: () => strikes,
    passes,
    state,
  }

  /** Something has gone wrong, or is over: people who wait try again. */
  function struck(): void {
    strikes++
    watch.changed()
  }

  /** Time passes for the server and the stack, and half a minute for each process, which is all of it unless given. */
  async function passes(ms = halfAMinute): Promise<void> {
    await server.passes(ms)
    passed += ms
    world.passTime()
  }

  /** The last that was seen, for whoever waits in vain. */
  async function state(): Promise<string> {
    const { calls, deliveries } = world.slack
    const ways = deliveries
      .slice(-6)
      .map(({ kind, outcome, problem, body }) => [kind, outcome, problem, body.user_id ?? body.user, body.text])
    const inSight = people.map(({ id }) => `${id}: ${JSON.stringify(world.slack.as(id).modal()?.view)?.slice(0, 600)}`)
    const said = instances.map(({ app }) => `--- ${app.running}\n${app.stdout.slice(-1500)}${app.stderr}`)
    const open = await inDatabase(server.pool)
    return [
      faults.all.join(', '),
      JSON.stringify(ways),
      JSON.stringify(calls.slice(-4)),
      ...inSight,
      ...open,
      ...said,
    ].join('\n')
  }
}

/** The changes that are not done with, and the server's time, if it can be asked. */
async function inDatabase(pool: pg.Pool): Promise<string[]> {
  const open = `select id, status, seq, due_at, card_ts, card_seq, card_posting, told, clock_timestamp() as now
    from change_requests where due_at is not null or card_seq is distinct from seq order by id`
  const log = 'select seq, change_id, type, at from audit_events order by seq desc limit 60'
  const found = await Promise.allSettled([open, log].map((query) => pool.query(query)))
  return found
    .flatMap((one) => (one.status === 'fulfilled' ? one.value.rows : [one.reason]))
    .map((row) => JSON.stringify(row))
}
