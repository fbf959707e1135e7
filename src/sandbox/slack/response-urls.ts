import type { Clock } from './clock.ts'
import { hex } from './ids.ts'
import { LIMITS } from './limits.ts'

/** The purpose of a response address: where and whom to answer, and the message that was acted on. */
export type ResponseTarget = {
  readonly person: string
  readonly channel: string
  readonly messageTs: string | null
}

/** Addresses to answer at: 5 times within 30 minutes (slack.md §2). */
export type ResponseUrls = {
  /** The path under the workspace's own address. */
  issue(kind: 'commands' | 'actions', target: ResponseTarget): string
  use(path: string): ResponseTarget | 'no_such_url' | 'expired_url' | 'used_url'
}

export function createResponseUrls(clock: Clock, teamId: string): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; at: number; uses: number }>()
  return {
    issue(kind, target) {
      const path = `/hooks/${kind}/${teamId}/${issued.size + 1}/${hex(12)}`
      issued.set(path, { target, at: clock.now(), uses: 0 })
      return path
    },
    use(path) {
      const address = issued.get(path)
      if (!address) return 'no_such_url'
      if (clock.now() - address.at > LIMITS.responseUrlMs) return 'expired_url'
      if (address.uses >= LIMITS.responseUrlUses) return 'used_url'
      address.uses += 1
      return address.target
    },
  }
}
