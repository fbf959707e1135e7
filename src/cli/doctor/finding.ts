import { Refusal } from '../../domain/refusal.ts'
import { slackAdvice, slackTrouble } from '../../slack/calls/errors.ts'
import type { SlackNo } from '../../slack/calls/said.ts'
import { lineOf } from '../command.ts'

/** One line of the doctor's findings. `todo` says what to do about it, or what could be done. */
export type Finding = {
  readonly area: string
  readonly level: 'ok' | 'warning' | 'error'
  readonly says: string
  readonly todo?: string
}

export type Said = Omit<Finding, 'area'>

/** Something to look at. If it throws, that becomes a finding of its own, and stops no other. */
export type Check = { readonly area: string; readonly look: () => Promise<Said | readonly Said[]> }

export const ok = said('ok')
export const warning = said('warning')
export const error = said('error')

function said(level: Said['level']) {
  return (says: string, todo?: string): Said => ({ level, says, ...(todo !== undefined && { todo }) })
}

/** The same check, which says nothing if that could not be looked at: another says so. */
export function ifSeen(looking: Promise<unknown>, { area, look }: Check): Check {
  return { area, look: () => looking.then(look, () => []) }
}

/** The findings of all checks, in the checks' order. */
export async function lookAll(checks: readonly Check[]): Promise<Finding[]> {
  return (await Promise.all(checks.map(lookAt))).flat()
}

async function lookAt({ area, look }: Check): Promise<Finding[]> {
  const found = await look().catch(cantBeLookedAt)
  return [found].flat().map((one) => ({ area, ...one }))
}

function cantBeLookedAt(failure: unknown): Said {
  const { says, todo = null } = slackAdvice(failure) ?? {}
  if (failure instanceof Refusal) return error(`This could not be checked: ${failure.message}`)
  return todo === null
    ? error(`This could not be checked: ${reasonOf(failure)}`, 'Fix this, then run the doctor again.')
    : error(`This could not be checked: ${says}.`, sentence(todo))
}

/** Slack's "no" to a call, in the words used at the start. */
export function slackSaysNo(no: SlackNo): Said {
  const { says, todo } = slackAdvice(no) ?? { says: no.message, todo: null }
  return todo === null ? error(`${says}.`) : error(`${says}.`, sentence(todo))
}

/** Makes a sentence of a clause. */
export function sentence(clause: string): string {
  return `${clause[0]!.toUpperCase()}${clause.slice(1)}.`
}

/** An error's message as one sentence. */
export function reasonOf(failure: unknown): string {
  const slackSays = slackTrouble(failure)
  if (slackSays !== null) return slackSays
  const message = lineOf(failure)
  return /[.!?]$/.test(message) ? message : `${message}.`
}
