import type { Delivery } from '../../../src/sandbox/slack/protocol.ts'
import { type Decision, isClosed } from './kept.ts'
import type { Storm } from './storm.ts'

type Insisting = {
  readonly by: string
  readonly what: string
  readonly done: () => boolean
  readonly act: () => Promise<Delivery | null>
  /** True if the form has come in which the next act is to be done. */
  readonly goesOn?: () => boolean
  /** The entry in the log that it leads to. */
  readonly decision?: Decision
}

/** How people act while things go wrong. */
export function createInsisting({ world: { slack }, until, faults, strikes, kept }: Storm) {
  return { insist, told }

  /** Acts until `done`: again if the app gave no answer or a private one, or if anything went wrong since. */
  async function insist({ by, what, done, act, goesOn = () => false, decision }: Insisting): Promise<void> {
    const logged = decision ? await kept.times(decision) : 0
    for (let acts = 0; !done(); acts++) {
      await until(`the app, for ${what}`, () => slack.connections > 0 || done())
      if (done()) return
      const [wrong, before, form, kills] = [strikes(), told(by), modal(by)?.id, kept.kills()]
      const delivery = await act()
      if (acts === 0) faults.perhaps()
      if (delivery?.outcome !== 'acked') continue
      if (decision && isClosed(delivery)) await kept.check(decision, logged)
      const isNext = () => goesOn() && modal(by)?.id !== form
      await until(what, () => done() || strikes() > wrong || told(by) > before || isNext() || isRefused(by))
      // Words that wait for Slack do not outlast a process; others may come later.
      const isHeard = () => told(by) > before || kept.kills() > kills
      if (decision?.type === 'approved' && !isHeard()) kept.checkLater(decision, logged, isHeard)
    }
  }

  /** How often they were told something that only they can see, apart from being asked to wait. */
  function told(by: string): number {
    return slack
      .as(by)
      .see()
      .conversations.flatMap(({ messages }) => messages)
      .filter(({ ephemeral, text }) => ephemeral && !text.endsWith('the answer comes here then.')).length
  }

  /** In a modal, which only they can see. */
  function isRefused(by: string): boolean {
    return ['refusal', 'quick_answer'].includes(modal(by)?.view.callback_id ?? '')
  }

  function modal(by: string) {
    return slack.as(by).modal()
  }
}
