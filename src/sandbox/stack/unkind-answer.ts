import type { Answer } from './answers.ts'
import type { Trouble } from './behaviour.ts'
import { type Asked, readsTokens } from './endpoints.ts'

/** The answer to a read of tokens from something other than a healthy stack; null if it is healthy. */
export function unkindAnswer(asked: Asked, trouble: Trouble): Answer | null {
  const kind = readsTokens(asked)
  if (kind === null) return null
  const next = trouble.nextReads.shift()
  if (next) return next
  if (kind === 'one' || trouble.shortLists === 0) return null
  trouble.shortLists -= 1
  return { status: 200, body: { tokens: [] } }
}
