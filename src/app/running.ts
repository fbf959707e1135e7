import type { Config } from '../config/settings.ts'
import { passOverRefusal } from '../domain/refusal.ts'
import { createGivingUp } from '../slack/calls/giving-up.ts'
import { compose } from './compose.ts'
import { connectSlack, connectStack } from './connect.ts'
import { createFirstThings } from './first-things.ts'
import type { Lasting } from './lasting.ts'
import { reportOf } from './report.ts'
import { createScrapes } from './scrapes.ts'
import { registerScreens } from './screens.ts'
import { createStopping } from './stop.ts'
import { beginSweeps } from './sweeps.ts'
import { allOrEveryReason } from './waits.ts'

export type Reached = Awaited<ReturnType<typeof reach>>
export type Running = Awaited<ReturnType<typeof putTogether>>

/** Throws in words if a credential is not accepted, or a setting can't work. */
export async function reach(config: Config, lasting: Lasting) {
  const givingUp = createGivingUp()
  const how = { ...lasting, writeTimeoutMs: config.timing.writeTimeout }
  const connected = config.stacks.map((stack) => connectStack(stack, how))
  // OAuth needs the database, which is not open yet, and one stack that has to be connected anew stops no other.
  const checks = connected.flatMap(({ api, oauth }) => (oauth ? [] : [api.check()]))
  const [slack] = await allOrEveryReason(connectSlack(config, lasting, givingUp), ...checks)
  return { config, slack, connected, givingUp }
}

/** All parts with one set of settings, which do nothing yet. Throws an Outage while the server of the database is away. */
export async function putTogether(reached: Reached, lasting: Lasting) {
  const { config, slack, givingUp } = reached
  const { says, clocks, atWork, others, health } = lasting
  const parts = await compose({ ...lasting, ...reached })
  says.closed(slack.closed)
  const { core, looking, record } = parts
  const { processId } = core
  const { findToken } = registerScreens(parts)
  const { anew, ...firstThings } = createFirstThings(parts)
  const report = () => reportOf({ ...parts, keyed: config.auditKey !== null, now: clocks.now })
  const scrapes = createScrapes({ ...parts, report })
  let sweeps = { stop: async () => {} }
  let hearing = { stop: async () => {} }
  const stopping = createStopping({
    ...parts,
    givingUp,
    scrapes,
    sweeps: { stop: () => sweeps.stop() },
    hearing: { stop: () => hearing.stop() },
  })
  return {
    config,
    ...firstThings,
    begin,
    report,
    scrape: scrapes.scrape,
    stop: ended(stopping.stop),
    handOver: ended(stopping.handOver),
    discard,
  }

  /** Resolves once whatever Slack sends comes here. */
  async function begin(): Promise<void> {
    atWork.add(processId)
    lasting.elsewhere.begins()
    lasting.tell(parts.news)
    // Without the database nobody decides, and the next round says it again.
    await isPresent().catch(passOverRefusal)
    hearing = await parts.notices.hear()
    sweeps = beginSweeps({ ...parts, anew, isPresent })
    await slack.start()
    findToken.refreshLater(looking.looks.refreshAll())
    void core.stillNamed.all().catch(says.namedUnknown)
  }

  async function isPresent(): Promise<void> {
    const me = () => ({ names: [...atWork], doubts: health.doubted() })
    health.doubtedElsewhere(await others.seen(record.whole, me))
  }

  function ended(stop: () => Promise<void>): () => Promise<void> {
    return () => stop().finally(() => atWork.delete(processId))
  }

  /** For parts that never began. */
  function discard(): Promise<void> {
    return record.whole.close()
  }
}
