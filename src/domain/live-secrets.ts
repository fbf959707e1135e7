/** Far more than are in use at a time: those of many stacks, and the ones before. */
const most = 256

const live = new Set<string>()

/**
 * From now on, `withoutSecrets` strikes this out of every text of this process: for secrets that change while it runs,
 * so that nobody could hand them to whatever quotes an outside text.
 */
export function neverSay(secret: string): void {
  live.delete(secret)
  live.add(secret)
  for (const oldest of live) {
    if (live.size <= most) return
    live.delete(oldest)
  }
}

export function liveSecrets(): readonly string[] {
  return [...live]
}
