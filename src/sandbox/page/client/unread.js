import { useEffect } from 'preact/hooks'
import { useRemembered } from './remembered.js'

/**
 * How many messages each person has not seen: `(person, conversation?) => number`. Anything on screen counts as read.
 */
export function useUnread(state, place) {
  const [marks, setMarks] = useRemembered('read', {})
  const person = state?.sight.person.id
  const shown = state?.sight.conversations.find(
    ({ id, kind }) => id === place || (place === 'messages' && kind === 'dm'),
  )
  const newest = shown?.messages.at(-1)?.ts

  useEffect(() => {
    if (newest) setMarks((all) => ({ ...all, [person]: { ...all[person], [shown.id]: newest } }))
  }, [person, shown?.id, newest])

  return (who, conversation) => {
    const arrived = Object.entries(state?.arrived[who] ?? {})
    const counts = arrived
      .filter(([id]) => conversation === undefined || id === conversation)
      .map(([id, stamps]) => stamps.filter((ts) => Number(ts) > Number(marks[who]?.[id] ?? 0)).length)
    return counts.reduce((sum, count) => sum + count, 0)
  }
}
