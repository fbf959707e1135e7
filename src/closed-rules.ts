import { channelProblems, type Governed, peopleProblems, type SlackKnows } from './policy-check.ts'

type Options = {
  readonly atStart: readonly string[]
  /** Told of what is closed that was not, and of what is open again. */
  readonly onChange: (closed: readonly string[], open: readonly string[]) => void
}

/**
 * What is closed in these policies now, one sentence each. While Slack can't be asked it is what was known before.
 */
export function createClosedRules(stacks: readonly Governed[], slack: SlackKnows, { atStart, onChange }: Options) {
  let known = atStart
  let [asked, answered] = [0, 0]
  return closedRules

  async function closedRules(): Promise<readonly string[]> {
    const turn = ++asked
    const looks = [channelProblems(stacks, slack.channels), peopleProblems(stacks, slack.people)]
    const problems = await Promise.all(looks).catch(() => null)
    if (problems === null || turn < answered) return known
    answered = turn
    become(problems.flat().map(({ says }) => says))
    return known
  }

  function become(closed: readonly string[]): void {
    const before = known
    known = closed
    const [added, gone] = [without(closed, before), without(before, closed)]
    if (added.length + gone.length > 0) onChange(added, gone)
  }
}

function without(all: readonly string[], those: readonly string[]): string[] {
  return all.filter((one) => !those.includes(one))
}
