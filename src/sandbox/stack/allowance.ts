/** Requests a second, with reads and writes counted separately. Source: contentstack.md §7 (10 and 10 by default). */
export function createAllowance(perSecond: number) {
  const used = { read: 0, write: 0 }
  let second = 0

  /** How many are left after this one; below zero it is one too many. */
  return function use(method: string): number {
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) Object.assign(used, { read: 0, write: 0 })
    second = now
    used[method === 'GET' ? 'read' : 'write'] += 1
    return perSecond - used[method === 'GET' ? 'read' : 'write']
  }
}
