import type { PersonSpec } from '../../../src/sandbox/slack/protocol.ts'
import type { WireToken } from '../../../src/sandbox/stack/wire-token.ts'
import { alice, bob, carol, dave } from '../../support/world.ts'

/** People who work at once: in each lane Alice asks, and the others decide, all by the names of the plain model. */
export const lanes = [0, 1, 2] as const
export type Lane = (typeof lanes)[number]

export const deciders = [bob, carol, dave]

/** The id in Slack of a person of the model. */
export function idOf(lane: Lane, role: string): string {
  return role.replace('U0', `U${lane}`)
}

export const people: readonly PersonSpec[] = lanes.flatMap((lane) =>
  [alice, ...deciders].map((role) => {
    const id = idOf(lane, role)
    return { id, name: id.slice(1).toLowerCase(), realName: id.slice(1) }
  }),
)

export const approvers = lanes.flatMap((lane) => deciders.map((role) => idOf(lane, role)))

/** A token of its own for each change: the plain model has one change a token. */
export function tokens(changes: number): WireToken[] {
  const scope = [{ module: 'branch', acl: { read: true }, branches: ['main'] }]
  return Array.from({ length: changes }, (_, i) => ({
    uid: uidOf(i),
    name: `before-${number(i)}`,
    description: described,
    scope,
  }))
}

export const described = 'As it was'

export function uidOf(change: number): string {
  return `blt5c1de00000${number(change)}`
}

/** The name that a change asks for: no other has it. */
export function nameOf(change: number): string {
  return `storm-${number(change)}`
}

function number(change: number): string {
  return String(change).padStart(5, '0')
}
