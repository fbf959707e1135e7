import { isatty } from 'node:tty'

type Ask = () => void

/**
 * From now on, SIGHUP does not end the process but asks for the settings to be read again: by the listener that the
 * returned function is given, and at once if it came before. A terminal that is closed sends the same signal; then the
 * process is told to stop.
 */
export function reloadAsked(): (ask: Ask) => void {
  const hadTerminal = isatty(1)
  const launchers = process.listeners('SIGHUP')
  let ask: Ask | null = null
  let isAsked = false
  process.on('SIGHUP', () => {
    if (hadTerminal && !isatty(1)) process.kill(process.pid, 'SIGTERM')
    else if (ask === null) isAsked = true
    else ask()
  })
  for (const listener of launchers) process.off('SIGHUP', listener)
  return (listener) => {
    ask = listener
    if (isAsked) ask()
  }
}
