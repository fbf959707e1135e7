import { useEffect, useState } from 'preact/hooks'

/** As in narrow.css. */
const narrow = window.matchMedia('(max-width: 1079px)')

/** True while the window has no room for all parts of the page side by side. */
export function useNarrow() {
  const [is, setIs] = useState(narrow.matches)
  useEffect(() => {
    const follow = () => setIs(narrow.matches)
    narrow.addEventListener('change', follow)
    return () => narrow.removeEventListener('change', follow)
  }, [])
  return is
}
