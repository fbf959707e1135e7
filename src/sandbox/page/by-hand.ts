import { z } from 'zod'
import type { EmulatedStack } from '../stack/stack.ts'
import { BadRequest } from './bad-request.ts'

/** The fields that somebody may change in the stack's own web app, past Countersign. */
export const editByHand = z.strictObject({
  uid: z.string(),
  name: z.string().trim().min(1).max(50).exactOptional(),
  description: z.string().exactOptional(),
  expires_on: z.iso.date().nullable().exactOptional(),
})

/** The branch an alias points to from now on. */
export const pointByHand = z.strictObject({ alias: z.string(), branch: z.string() })

export function edit({ uid, ...patch }: z.infer<typeof editByHand>, stack: EmulatedStack) {
  if (!stack.token(uid)) throw new BadRequest(404, `The stack has no token ${uid}, so nothing was changed.`)
  stack.edit(uid, patch)
}

export function point({ alias, branch }: z.infer<typeof pointByHand>, stack: EmulatedStack) {
  if (!stack.aliases().some((one) => one.alias === alias) || !stack.branches().includes(branch))
    throw new BadRequest(404, `The stack has no alias ${alias}, or no branch ${branch}, so nothing was changed.`)
  stack.point(alias, branch)
}
