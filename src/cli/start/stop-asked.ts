/**
 * Aborts with the name of the signal once SIGTERM or SIGINT comes. From now on neither ends the process by itself, and
 * the launcher's listeners for them are gone.
 */
export function stopAsked(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const launchers = process.listeners(signal)
    // A second signal, when npm passes on one that the terminal has already sent, ends nothing sooner.
    process.on(signal, () => stop.abort(signal))
    for (const listener of launchers) process.off(signal, listener)
  }
  return stop.signal
}
