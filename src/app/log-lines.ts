import type { Logger } from 'pino'
import type { ChangeEvent } from '../domain/change/event.ts'
import type { Answer } from '../domain/change/write.ts'
import type { CardRef } from '../ports/cards.ts'
import { keptForGood, type UnreadableRow } from '../storage/unreadable-rows.ts'
import type { Cut } from '../workflow/log/anchor-rounds.ts'
import type { Aside } from '../workflow/looks/known-stacks.ts'
import type { PolicyProblem } from './preflight.ts'

const noCards =
  'No card can be posted in these channels: nothing can be asked for or edited there until you have fixed that. What already waits ' +
  'can still be decided on, on App Home too.'
const fulfilledByNobody =
  "These parts of the policies can't be met: changes that need them can't be asked for or approved until you have fixed that. Everything " +
  'else goes on.'
const notAnswered = 'catches up with what was recorded; whoever acted last may not have been answered.'
/** By what the app does without waiting any longer. */
const caughtUp = { stops: `The next start ${notAnswered}`, 'goes on': `It ${notAnswered}` }

export type LogLines = ReturnType<typeof createLogLines>

/** Lines that operators read in the log of the running app, except those that a part writes about its own work. */
export function createLogLines(log: Logger, now: () => Date) {
  return {
    ...ofServices(log),
    ...ofChanges(log, now),
    ...ofTheRecord(log),
    ...ofPolicies(log),
    ...ofTheStop(log),
  }
}

/** A `why` of null: it works again. */
function ofServices(log: Logger) {
  return {
    door(service: 'Slack' | 'Contentstack', why: string | null, of: object = {}): void {
      if (why === null) log.info(of, `${service} lets the app in again.`)
      else log.error({ ...of, why }, `${service} does not let the app in: an operator must fix that.`)
    },
    slackAnswers(why: string | null): void {
      if (why === null) log.info('Slack answers again: what was put off is being done.')
      else
        log.error({ why }, "Slack can't be reached: nothing can be asked for or decided there until it answers again.")
    },
    slackAnswersNot(why: string): void {
      log.warn(`${why}. Slack answers other calls, but nothing that needs this one is done.`)
    },
    slackAnswersAgain(method: string): void {
      log.info(`Slack answers ${method} again.`)
    },
    elsewhere(): void {
      log.warn(
        'Another process of this Slack app, with another database, showed somebody a form or a card: Slack sends each thing that people do to only one of the processes. Stop that process, or give it this database (COUNTERSIGN_DB).',
      )
    },
    stack(why: string | null, of: object): void {
      if (why === null) log.info(of, 'This stack can be looked at again.')
      else log.warn({ ...of, why }, "This stack can't be looked at: Countersign tries again every minute.")
    },
    unreadableToken(of: { stack: string; token: string; why: string }): void {
      log.warn(of, "A token of this stack is not understood, and can't be edited here.")
    },
  }
}

function ofChanges(log: Logger, now: () => Date) {
  return {
    recorded(id: number, event: ChangeEvent['type']): void {
      log.info({ change: id, event }, `Recorded for change #${id}: ${event.replaceAll('_', ' ')}.`)
    },
    toDoAgain(step: string, id: number, err: unknown): void {
      log.error({ err, change: id }, `The ${step} of change #${id} has to be tried again.`)
    },
    notHeldAgainst(err: unknown): void {
      log.error({ err }, 'A look at a token could not be compared with the open changes.')
    },
    notRuledAnew(id: number, err: unknown): void {
      log.error({ err, change: id }, `Countersign could not find out what the current policy asks of change #${id}.`)
    },
    cardLeft(id: number, card: CardRef, err: unknown): void {
      log.warn(
        { change: id, ...card, ...(err !== null && { err }) },
        `The card of change #${id} in the old channel stays as it is: it could not be changed to say where the new one is.`,
      )
    },
    cardsMoved(changes: readonly number[]): void {
      if (changes.length > 0)
        log.info({ changes }, 'Another channel has been configured: the cards of these changes are posted there.')
    },
    cutOff(id: number, until: string): void {
      const isHeld = until > now().toISOString()
      const then = isHeld ? `nothing is sent for it before ${until} (timing.lease), when it is` : 'it is'
      log.warn(
        { change: id },
        `Change #${id} was being applied by another process when this one started, for example one that was killed: ${then} looked at.`,
      )
    },
    unnoted(id: number, { kind }: Answer): void {
      log.warn(
        { change: id, answer: kind },
        `What Contentstack answered to the update of change #${id} is not in the log: before it could be recorded, another process decided by its own look.`,
      )
    },
    lost(id: number, { kind }: Answer): void {
      log.error(
        { change: id, answer: kind },
        `What Contentstack answered to the update of change #${id} could not be recorded: the next start looks at the token.`,
      )
    },
    aside(aside: Aside): void {
      const level = aside.changes.length > 0 ? 'warn' : 'info'
      log[level](aside, 'This stack is not configured: its open changes and its tokens are set aside until it is.')
    },
    failedRound(err: unknown): void {
      log.error({ err }, 'Looking for unfinished changes failed; Countersign tries again.')
    },
  }
}

function ofTheRecord(log: Logger) {
  return {
    writable(why: string | null): void {
      if (why === null) log.info('The audit log can be written again: what was put off is being done.')
      else
        log.error(
          { why },
          "The audit log can't be written: nothing is recorded or applied until it can. Then Countersign goes on by itself.",
        )
    },
    unreadableRow(unreadable: UnreadableRow): void {
      const so =
        keptForGood(unreadable) === null
          ? 'the next look reads again what is known of tokens and stacks'
          : 'it is left out, and nothing is written to the token of such a change: verify the log'
      log.error(unreadable, `A row of the database can't be read, so somebody may have written to it: ${so}.`)
    },
    doubt(id: number, found: string): void {
      log.error(
        { change: id, found },
        `The audit log does not bear out change #${id}, which failed: somebody may have written to the database. Verify the log.`,
      )
    },
    cut(cut: Cut): void {
      log.error(cut, 'The audit log has fewer entries than it had: the newest were cut off. Verify the log.')
    },
    anchorsUnread(err: unknown): void {
      log.warn({ err }, "The file that anchors.file names can't be read, so the log was not checked against it.")
    },
    unkept(place: string, err: unknown): void {
      log.error({ err, place }, `The newest checkpoint could not be kept in "${place}" yet: Countersign tries again.`)
    },
    noKey(): void {
      log.warn(
        'Without AUDIT_KEY, the audit log shows accidental damage, but not whether somebody has rewritten it: see docs/auditing.md.',
      )
    },
    keyLacking(lacking: object): void {
      log.warn(
        lacking,
        "These open changes can't be checked against the log: part of it was written with this key, which is not given. Once approved, they have to wait. Add the key to AUDIT_KEY_PREVIOUS, and start again.",
      )
    },
    unscraped(err: unknown): void {
      log.error({ err }, 'The metrics could not be put together: this scrape was answered with 503.')
    },
    untidied(err: unknown): void {
      log.error(
        { err },
        'What was last written could not be moved from the -wal into the database file; Countersign tries again every second.',
      )
    },
  }
}

function ofPolicies(log: Logger) {
  return {
    closed(closed: readonly PolicyProblem[]): void {
      const { channel = [], policy = [] } = Object.groupBy(closed, ({ of }) => of)
      const says = (problems: readonly PolicyProblem[]) => ({ closed: problems.map(({ says }) => says) })
      if (channel.length > 0) log.error(says(channel), noCards)
      if (policy.length > 0) log.error(says(policy), fulfilledByNobody)
    },
    open(open: readonly string[]): void {
      if (open.length > 0) log.info({ open }, 'These rules and channels can be used again.')
    },
    askersUnknown(err: unknown): void {
      log.warn({ err }, 'Countersign could not find out who may still ask; it looks again before anything is written.')
    },
    namedUnknown(err: unknown): void {
      log.warn({ err }, 'Cards that name somebody who has left could not be marked for redrawing.')
    },
  }
}

function ofTheStop(log: Logger) {
  return {
    failedHandOver(err: unknown): void {
      log.error(
        { err },
        'The parts with the earlier settings could not be stopped properly; those with the new settings keep running.',
      )
    },
    givenUp(calls: readonly string[], isDone: boolean, app: keyof typeof caughtUp): void {
      if (calls.length > 0)
        log.warn(
          { calls },
          `Slack did not answer these calls, and the app ${app} without waiting for them any longer. ${caughtUp[app]}`,
        )
      if (!isDone)
        log.warn(
          `Something under way took too long, and the app ${app} without waiting for it any longer. ${caughtUp[app]}`,
        )
    },
  }
}
