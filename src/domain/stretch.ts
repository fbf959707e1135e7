/** The wanted part of a long list: pages of `size`, counted from 0. */
export type Wanted = { readonly page: number; readonly size: number }

/** One page of a long list, and its place in it. */
export type Stretch<T> = Wanted & { readonly items: readonly T[]; readonly total: number }

/** The last page instead of one beyond the end: a list may have become shorter since somebody turned to it. */
export function within({ page, size }: Wanted, total: number): Wanted {
  const last = Math.max(0, Math.ceil(total / size) - 1)
  return { page: Math.min(page, last), size }
}

export function stretchOf<T>(all: readonly T[], wanted: Wanted): Stretch<T> {
  const { page, size } = within(wanted, all.length)
  return { items: all.slice(page * size, (page + 1) * size), page, size, total: all.length }
}
