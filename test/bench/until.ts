type Source = { onChange(listener: () => void): () => void }

const longestMs = 60_000

/**
 * Resolves once `happened` is true, asking again on every change of `source`. Rejects, naming `what`, after a minute, or after
 * `patienceMs`.
 */
export function until(source: Source, what: string, happened: () => boolean, patienceMs = longestMs): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => done(() => reject(new Error(`Waited ${patienceMs / 1000} s in vain for ${what}.`))),
      patienceMs,
    )
    const stop = source.onChange(look)
    look()

    function look(): void {
      if (happened()) done(resolve)
    }

    function done(end: () => void): void {
      clearTimeout(timer)
      stop()
      end()
    }
  })
}
