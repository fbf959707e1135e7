import type { Answer } from './answers.ts'
import type { Trouble } from './behaviour.ts'
import type { Asked } from './endpoints.ts'

type Body = Record<string, unknown> & { stack?: object }
type Listed = { uid: string; alias?: unknown }

/** The stack's facts about itself, its branches and its aliases, with every oddity. */
export function oddly({ path }: Asked, answer: Answer, { refuseLists, oddStack, deleted }: Trouble): Answer {
  if (answer.status !== 200) return answer
  const body = answer.body as Body
  if (path === '/v3/stacks') return { ...answer, body: { stack: { ...body.stack, ...oddStack } } }
  const key = (['branches', 'branch_aliases'] as const).find((list) => path === `/v3/stacks/${list}`)
  if (key === undefined) return answer
  const at = (name: unknown) => (deleted.includes(String(name)) ? { deleted_at: '2026-05-01T09:00:00.000Z' } : {})
  const records = (body[key] as Listed[]).map((one) => ({ ...one, ...at(key === 'branches' ? one.uid : one.alias) }))
  return refuseLists[key] ?? { ...answer, body: { ...body, [key]: records } }
}
