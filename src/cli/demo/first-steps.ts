import { z } from 'zod'
import type { FirstSteps, World } from '../../sandbox/page/first-steps.ts'
import type { EmulatedSlack, Message } from '../../sandbox/slack/protocol.ts'
import { demoPeople } from './workspace.ts'

const approvals = 'token-approvals'

/**
 * Steps that a newcomer tries first: on the page, where each is ticked off once it is done, and at the terminal. A tick
 * goes again if there is nothing left to go on with, as after a change was rejected.
 */
export const firstSteps: FirstSteps = {
  steps: [
    {
      who: ['U0ALICE'],
      before: 'send',
      offer: (world) => ({ text: `/token edit ${tokenName(world)}`, channel: 'general' }),
      isDone: ({ slack, stack }) =>
        slack.see('U0ALICE').modals.length > 0 || isAsked(slack) || stack.takenUpdates() > 0,
    },
    {
      who: ['U0ALICE'],
      before: 'change something, check it, and send it for approval',
      isDone: ({ slack, stack }) => isAsked(slack) || stack.takenUpdates() > 0,
    },
    {
      who: ['U0BOB'],
      before: 'approve it in',
      offer: () => ({ text: `#${approvals}`, channel: approvals }),
      after: ', and see the token change in Contentstack',
      isDone: ({ stack }) => stack.takenUpdates() > 0,
    },
    {
      who: ['U0ALICE'],
      before: 'ask for more:',
      offer: (world) => ({ text: `/token grant ${tokenName(world)} write on assets`, channel: 'general' }),
      isDone: ({ slack, stack }) => (cards(slack).length > 1 && isAsked(slack)) || stack.takenUpdates() > 1,
    },
    {
      who: ['U0BOB', 'U0DAVE'],
      before: 'approve that in',
      offer: () => ({ text: `#${approvals}`, channel: approvals }),
      after: ': it takes an owner and security',
      isDone: ({ stack }) => stack.takenUpdates() > 1,
      didTheirs: (person, { slack }) => hasHandedInSince(lastCard(slack), person, slack),
    },
  ],
  afterwards:
    'All done. Now make trouble in Contentstack: each switch says what to watch. Mallory, Gus and Sam may not decide.',
}

/** As lines of the terminal, numbered. */
export function firstStepsAsText(world: World): string {
  const lines = firstSteps.steps.map(
    ({ who, before, offer, after = '' }) =>
      `As ${who.map(firstName).join(' and ')}, ${before}${offer ? ` ${offer(world).text}` : ''}${after}.`,
  )
  return lines.map((line, index) => `  ${index + 1}. ${line}\n`).join('')
}

function firstName(id: string): string {
  return demoPeople.find((person) => person.id === id)?.realName.split(' ')[0] ?? id
}

/** Of the first token, which somebody may have renamed since. */
function tokenName({ stack }: World): string {
  return stack.tokens()[0]?.name ?? 'ci-deploy'
}

/** The app posts a card for each change; everything else it says in the channel is a reply, or text alone. */
function cards(slack: EmulatedSlack): Message[] {
  const isRoot = ({ ts, threadTs = ts }: Message) => threadTs === ts
  return posts(slack).filter((message) => isRoot(message) && message.blocks.length > 0)
}

/** True while a change is open: its card has buttons, or nothing was said in its thread, as there is once it ended. */
function isAsked(slack: EmulatedSlack): boolean {
  const hasButtons = ({ blocks }: Message) => blocks.some(({ type }) => type === 'actions')
  const hasReply = ({ ts }: Message) => posts(slack).some((reply) => reply.threadTs === ts && reply.ts !== ts)
  return cards(slack).some((card) => hasButtons(card) || !hasReply(card))
}

function posts(slack: EmulatedSlack): Message[] {
  const channel = slack.see('U0BOB').conversations.find(({ name }) => name === approvals)
  return (channel?.messages ?? []).filter(({ author }) => author === slack.botUserId)
}

function lastCard(slack: EmulatedSlack): number {
  return Number(cards(slack).at(-1)?.ts ?? 0) * 1000
}

const byPerson = z.object({ user: z.object({ id: z.string() }) })
const errors = z.object({ response_action: z.literal('errors') })

/** A form without mistakes, as whoever approves such an edit has to confirm it in one. */
function hasHandedInSince(instant: number, person: string, { deliveries }: EmulatedSlack): boolean {
  return deliveries.some(
    ({ kind, body, sentAt, outcome, ackBody }) =>
      kind === 'view_submission' &&
      sentAt > instant &&
      byPerson.safeParse(body).data?.user.id === person &&
      outcome === 'acked' &&
      !errors.safeParse(ackBody).success,
  )
}
