/** Something that speaks against the log, and the entry that shows it; null when no entry does. */
export type Finding = { readonly seq: number | null; readonly what: string }

/** The first few of many, and how many there are: a log that is wrong throughout takes no more memory than another. */
export type Findings = { readonly first: readonly Finding[]; readonly count: number }

/** The answer to a yes-or-no question about the log; null when it can't be told. */
export type Answer = {
  readonly holds: boolean | null
  /** What makes it a no. */
  readonly wrong: Findings
  /** What makes it impossible to say yes. */
  readonly untold: Findings
}

const kept = 20

/** Yes, until something is found. */
export function createAnswer() {
  const wrong = collect()
  const untold = collect()
  return {
    wrong: wrong.add,
    untold: untold.add,
    answer: (): Answer => ({
      holds: wrong.found.count > 0 ? false : untold.found.count > 0 ? null : true,
      wrong: inOrder(wrong.found),
      untold: inOrder(untold.found),
    }),
  }
}

export type Find = (seq: number | null, what: string) => void

/** Those that no entry shows take no room from those that one does. */
function collect() {
  const found = { first: [] as Finding[], count: 0 }
  const room = { entries: kept, others: kept }
  const add: Find = (seq, what) => {
    found.count++
    if (room[seq === null ? 'others' : 'entries']-- > 0) found.first.push({ seq, what })
  }
  return { found, add }
}

/** As they were found, which is in the order of the log; what no entry shows comes last. */
function inOrder({ first, count }: Findings): Findings {
  return { first: first.toSorted((a, b) => Number(a.seq === null) - Number(b.seq === null)), count }
}
