/** Removes from a failing history everything it fails without, as long as there is anything. */
export async function shorten<T>(
  all: readonly T[],
  failsStill: (fewer: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  for (let size = Math.ceil(all.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < all.length; ) {
      const fewer = all.toSpliced(from, size)
      if (await failsStill(fewer)) return shorten(fewer, failsStill)
      from += size
    }
  return all
}
