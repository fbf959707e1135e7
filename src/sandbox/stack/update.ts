import { type Answer, answers, unknownToken, updateFailed } from './answers.ts'
import type { Trouble } from './behaviour.ts'
import { faults } from './validate.ts'
import { editedAt, timed, updated, type WireToken } from './wire-token.ts'
import type { World } from './world.ts'

export type Hooks = {
  /** Runs inside each read, before the stack answers with its state after that. */
  beforeReading?: () => Promise<void> | void
  /** Runs inside a valid update, just before the stack takes it; the stack waits for it. */
  beforeTaking?: () => Promise<void> | void
  /** Runs once the stack has taken an update, before it answers. */
  afterTaking?: () => Promise<void> | void
}

type Update = {
  uid: string
  body: unknown
  world: World
  trouble: Trouble
  hooks: Hooks
  take(token: WireToken): void
  /** Keeps an update that is still on its way. */
  later(arrive: () => void): void
}

/** The answer to an update; null means that the stack closes the socket, and `never` that it stays silent. */
export async function update({
  uid,
  body,
  world,
  trouble,
  hooks,
  take,
  later,
}: Update): Promise<Answer | 'never' | null> {
  const outcome = judge(uid, body, world, trouble)
  if ('status' in outcome) return outcome
  await hooks.beforeTaking?.()
  const token = stamped(outcome.token, world.now())
  if (trouble.updates === 'arrives late') {
    later(() => arrive({ uid, body, world, trouble, take }))
    return null
  }
  take(token)
  await hooks.afterTaking?.()
  if (trouble.updates === 'take, then never answer') return 'never'
  if (trouble.updates === 'take, then close the socket') return null
  if (trouble.updates === 'take, then 500') return answers.brokenInside
  if (trouble.updates === 'take, then refuse') return updateFailed({ name: ['is not unique'] })
  const shown = world.behaviour.updateAnswer === 'token' ? { token: timed(token, world.behaviour) } : {}
  return { status: 200, body: { notice: 'Management Token updated successfully.', ...shown } }
}

/** A late update is checked against the stack as it is by then, and nobody gets an answer. */
function arrive({ uid, body, world, trouble, take }: Omit<Update, 'hooks' | 'later'>): void {
  const outcome = judge(uid, body, world, trouble)
  if (!('status' in outcome)) take(stamped(outcome.token, world.now()))
}

function judge(uid: string, body: unknown, world: World, trouble: Trouble): Answer | { token: WireToken } {
  const stored = world.tokens.get(uid)
  if (!stored) return unknownToken(world.behaviour.unknownToken)
  if (trouble.refuse) return trouble.refuse
  if (body === undefined) return answers.notJson
  const sent = (body as { token?: unknown } | null)?.token
  if (typeof sent !== 'object' || sent === null) return updateFailed({ token: ['is a required field'] })
  const kept = trouble.updates === 'drop fields' ? trouble.droppedFields : []
  const token = updated(stored, sent, world.behaviour, kept)
  const all = [...world.tokens.values()]
  const errors = faults({ stored, token, all, stack: world, behaviour: world.behaviour })
  return Object.keys(errors).length > 0 ? updateFailed(errors) : { token }
}

function stamped(token: WireToken, now: number): WireToken {
  return { ...token, updated_at: editedAt(now, token), updated_by: 'blt5c1de000000000b07' }
}
