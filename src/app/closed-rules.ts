import type { Closed } from '../slack/home/home-health.ts'
import { channelProblems, type Governed, type PolicyProblem, peopleProblems, type SlackKnows } from './preflight.ts'

type Options = {
  readonly atStart: readonly PolicyProblem[]
  /** Called with what has newly closed, or for a new reason, and with the parts that are open again. */
  readonly onChange: (closed: readonly PolicyProblem[], open: readonly string[]) => void
}

/**
 * Says what is closed in these policies now, one sentence each. While Slack can't be asked, that is what was last
 * known.
 */
export function createClosedRules(stacks: readonly Governed[], slack: SlackKnows, { atStart, onChange }: Options) {
  let known = atStart
  let [asked, answered] = [0, 0]
  return closedRules

  async function closedRules(): Promise<readonly PolicyProblem[]> {
    const turn = ++asked
    const looks = [channelProblems(stacks, slack.channels), peopleProblems(stacks, slack.people)]
    const problems = await Promise.all(looks).catch(() => null)
    if (problems === null || turn < answered) return known
    answered = turn
    become(problems.flat())
    return known
  }

  function become(closed: readonly PolicyProblem[]): void {
    const before = known
    known = closed
    const added = without(closed, before, ({ says }) => says)
    const open = new Set(without(before, closed, ({ part }) => part).map(({ part }) => part))
    if (added.length + open.size > 0) onChange(added, [...open])
  }
}

function without<T>(all: readonly T[], those: readonly T[], by: (one: T) => string): T[] {
  const known = new Set(those.map(by))
  return all.filter((one) => !known.has(by(one)))
}

/** The same as people read it, with the titles of the stacks in place of their names in the settings. */
export function forPeople(
  problems: readonly PolicyProblem[],
  titleOf: (name: string) => Promise<string>,
): Promise<Closed[]> {
  return Promise.all(
    problems.map(async ({ of, says, about }) => {
      if (about === undefined) return { of, before: says, stacks: [], after: '' }
      return { of, ...about, stacks: await Promise.all(about.stacks.map(titleOf)) }
    }),
  )
}
