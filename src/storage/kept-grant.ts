import { z } from 'zod'
import type { KeptGrant } from '../ports/grants.ts'

const end = z.enum(['refused', 'lost']).nullable()

type GrantRow = Omit<KeptGrant, 'ended'> & { readonly ended: string | null }

export function keptGrant({ clientId, sealed, number, storedAt, renewalBegan, ended }: GrantRow): KeptGrant {
  return { clientId, sealed, number, storedAt, renewalBegan, ended: end.catch('refused').parse(ended) }
}
