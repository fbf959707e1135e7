import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { getState } from './ask.js'

/**
 * Keeps what somebody sees up to date. `state` is null until the first answer; `lost` while the server can't be
 * reached; `refresh` resolves once the newest state is in.
 */
export function useLive(as) {
  const [state, setState] = useState(null)
  const [lost, setLost] = useState(false)
  const loop = useRef({ as, wanted: false, running: null })
  loop.current.as = as

  const refresh = useCallback(() => {
    const own = loop.current
    own.wanted = true
    own.running ??= follow(own, setState).finally(() => {
      own.running = null
    })
    return own.running.catch(() => setLost(true))
  }, [])

  useEffect(() => {
    const events = new EventSource(as === null ? '/events' : `/events?as=${encodeURIComponent(as)}`)
    events.onmessage = () => {
      setLost(false)
      refresh()
    }
    events.onerror = () => setLost(true)
    return () => events.close()
  }, [as])

  return { state, lost, refresh }
}

/** One request at a time, and one more if something changed meanwhile: an old answer never overwrites a newer one. */
async function follow(own, setState) {
  while (own.wanted) {
    own.wanted = false
    const as = own.as
    const state = await getState(as)
    if (as === own.as) setState(state)
    else own.wanted = true
  }
}
