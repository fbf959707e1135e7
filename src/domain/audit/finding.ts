/** Something wrong with the log, and the entry that shows it; null if no entry does. */
export type Finding = { readonly seq: number | null; readonly what: string }

/** The first few of many, and how many there are: a log that is wrong throughout takes no more memory than another. */
export type Findings = { readonly first: readonly Finding[]; readonly count: number }

/** The answer to a yes-or-no question about the log; null if nobody can tell. */
export type Answer = {
  readonly holds: boolean | null
  /** The reasons for a no. */
  readonly wrong: Findings
  /** The reasons nobody can say yes. */
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

/** Findings without an entry take no room from those with one. */
function collect() {
  const found = { first: [] as Finding[], count: 0 }
  const room = { entries: kept, others: kept }
  const add: Find = (seq, what) => {
    found.count++
    if (room[seq === null ? 'others' : 'entries']-- > 0) found.first.push({ seq, what })
  }
  return { found, add }
}

/** In the order found, which is the log's order; those without an entry come last. */
function inOrder({ first, count }: Findings): Findings {
  return { first: first.toSorted((a, b) => Number(a.seq === null) - Number(b.seq === null)), count }
}
