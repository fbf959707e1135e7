import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { Refusal } from '../../domain/refusal.ts'
import type { Electorates } from '../../workflow/changes/electorates.ts'
import type { Reporting } from '../../workflow/log/reporting.ts'
import { passOverClosed } from '../calls/errors.ts'
import { showIn, type Target, targetOf } from '../calls/target.ts'
import { updateModal } from '../calls/views.ts'
import type { Routes } from '../edge/routes.ts'
import { actions, reportActions } from '../kit/ids.ts'
import { countingView, noReportView, reportView } from './report-view.ts'

type Deps = {
  routes: Routes
  reporting: Reporting
  electorates: Pick<Electorates, 'isApprover'>
  /** The configured ones, by id. */
  stacks: ReadonlyMap<string, unknown>
  titleOf: (stack: string) => Promise<string>
}

/** Days that a report goes back, unless others are chosen. */
const usualDays = 90

/** The report on changes, for approvers: on the stacks whose rules name them. Counted when somebody asks for it. */
export function registerReport({ routes, reporting, electorates, stacks, titleOf }: Deps): void {
  const periods: readonly [string, number][] = Object.entries(reportActions).map(([days, id]) => [id, Number(days)])
  for (const [action, days] of [[actions.report, usualDays] as const, ...periods])
    routes.pressed(action, async ({ ack, body, client }) => {
      await ack()
      await open(client, targetOf(body), { days, person: body.user.id })
    })

  /** Opened before the log is read, which may take longer than Slack waits. */
  async function open(client: WebClient, target: Target, wanted: Wanted): Promise<void> {
    const { id: view_id } = await showIn(client, target, countingView(wanted.days))
    const show = (view: ModalView) => updateModal(client, { view_id }, view).catch(passOverClosed)
    const view = await draw(wanted).catch(async (error: unknown) => {
      if (error instanceof Refusal) return noReportView(error.message)
      await show(noReportView(failed))
      throw error
    })
    await show(view)
  }

  async function draw({ days, person }: Wanted): Promise<ModalView> {
    const theirs = await stacksDecidedOnBy(person)
    const { rows, since } = await reporting.lastDays(days)
    const titled = rows
      .filter(({ stack }) => theirs.includes(stack))
      .map(async (row) => ({ row, stackTitle: await titleOf(row.stack) }))
    return reportView(days, since, await Promise.all(titled))
  }

  async function stacksDecidedOnBy(person: string): Promise<string[]> {
    const asked = [...stacks.keys()].map(async (stack) =>
      (await electorates.isApprover(stack, person)) ? [stack] : [],
    )
    const found = (await Promise.all(asked)).flat()
    if (found.length > 0) return found
    throw new Refusal('not_allowed', 'Only approvers can see the report: the people whom a rule of the policy names.')
  }
}

const failed = 'Something went wrong here, and nothing was counted. Try again in a minute.'

type Wanted = { readonly days: number; readonly person: string }
