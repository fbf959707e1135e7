/**
 * Aborts with the name of the signal once SIGTERM or SIGINT has come. From now on neither ends the process by itself, nor does
 * what the launcher does with them.
 */
export function stopAsked(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const launchers = process.listeners(signal)
    // One more, as npm passes on what the terminal has sent already, ends nothing sooner.
    process.on(signal, () => stop.abort(signal))
    for (const listener of launchers) process.off(signal, listener)
  }
  return stop.signal
}
