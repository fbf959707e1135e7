type Source = { onChange(listener: () => void): () => void }

const patienceMs = 60_000

/**
 * Resolves once `happened` is true, asking again on every change of `source`. Rejects, naming `what`, after a minute.
 */
export function until(source: Source, what: string, happened: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(() => reject(new Error(`Waited a minute in vain for ${what}.`))), patienceMs)
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
