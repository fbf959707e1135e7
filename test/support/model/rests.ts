/** Work that pauses to let others have a turn goes on at once: nobody waits for it here. */
export async function withoutRests<T>(work: () => Promise<T>): Promise<T> {
  const { setTimeout } = globalThis
  globalThis.setTimeout = ((rested: () => void) => setImmediate(rested)) as unknown as typeof setTimeout
  try {
    return await work()
  } finally {
    globalThis.setTimeout = setTimeout
  }
}
