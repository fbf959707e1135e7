import { z } from 'zod'
import type { Refused } from '../../domain/audit/fact.ts'
import { passOverRefusal, Refusal } from '../../domain/refusal.ts'
import type { People } from '../../ports/people.ts'
import { refuseSince } from '../../workflow/changes/outages.ts'
import type { Installation } from '../calls/web-api.ts'
import { withoutMark } from '../kit/ids.ts'
import type { Args } from './any-body.ts'

type Deps = {
  installation: Pick<Installation, 'teamId' | 'enterpriseId' | 'isEnterpriseInstall'>
  /** The app's own id, if known. */
  appId: string | null
  people: Pick<People, 'obstacle' | 'canonical'>
  /** Keeps a refusal in the log. */
  note: (refused: Refused, actor: string) => Promise<void>
}

/**
 * Comes before every listener: whoever types, presses, chooses, submits or is offered something must be a full member
 * here, as Slack said at most a minute ago, and is called by one id from then on. Others get a Refusal, and so does
 * everybody while Slack can't be asked; nothing behind the gate sees what they did. Events are Slack's own reports, so
 * they pass.
 */
export function createGate({ installation, appId, people, note }: Deps) {
  return async (args: Args): Promise<void> => {
    if (!isEvent(args.body)) await admit(args.body)
    await args.next()
  }

  async function admit(body: unknown): Promise<void> {
    const who = acting.safeParse(body).data
    try {
      if (who?.api_app_id && appId !== null && who.api_app_id !== appId)
        throw new Refusal('not_allowed', 'This belongs to another Slack app. Nothing was done.')
      const person = who && personOf(who)
      if (!who || !person)
        throw new Refusal('not_allowed', 'Slack did not say who did this, so nothing was done. Try again.')
      const obstacle = comesFromElsewhere(who, installation)
        ? elsewhere
        : await people.obstacle(person).catch(refuseSince(notKnown))
      if (obstacle !== null) throw new Refusal('not_allowed', `This is not for you: ${obstacle}. Nothing was done.`)
      rename(body, await people.canonical(person).catch(refuseSince(notKnown)))
    } catch (error) {
      if (error instanceof Refusal) await keep(error, body, who && personOf(who))
      throw error
    }
  }

  async function keep({ code, noted: why }: Refusal, body: unknown, actor = 'unknown'): Promise<void> {
    const act = attempt.safeParse(body).data
    if (!isWorthNoting(act)) return
    await note({ type: 'refused', attempted: attemptOf(act), code, why }, actor).catch(passOverRefusal)
  }
}

const notKnown = 'Slack could not say whether you may use Countersign'
const elsewhere = 'people from other workspaces may not use Countersign'

const id = z.string().optional()

/**
 * The part of a payload that says who acts, each kind in its own place: nothing else is read for the many who are
 * admitted. Samples: slack.md §6.
 */
const acting = z.object({
  api_app_id: id,
  user: z.object({ id: z.string(), team_id: z.string().nullish() }).optional(),
  enterprise: z.object({ id: z.string() }).nullish(),
  team: z.object({ enterprise_id: id }).nullish(),
  /** Only commands have these. */
  user_id: id,
  team_id: id,
  enterprise_id: id,
})
type Acting = z.infer<typeof acting>

/** Behind the gate a person has one id, whichever Slack delivered. */
function rename(body: unknown, id: string): void {
  const acts = body as { user?: { id: string }; user_id?: string }
  if (acts.user) acts.user.id = id
  else acts.user_id = id
}

function personOf({ user, user_id }: Acting): string | undefined {
  return user?.id ?? user_id
}

/** The attempt of somebody who was refused. */
const attempt = z.object({
  type: id,
  actions: z.array(z.object({ action_id: id, value: id })).optional(),
  callback_id: id,
  view: z.object({ callback_id: id }).nullish(),
  command: id,
})
type Attempt = z.infer<typeof attempt>

function isEvent(body: object): boolean {
  return 'type' in body && body.type === 'event_callback'
}

/**
 * True if the payload itself says that somebody acts from outside. `team` proves nothing: for a form submitted through
 * Slack Connect it is the other side's, and for an organisation's install it is null. Slack is asked about anything the
 * payload does not say, and about members of another workspace of our organisation: they may be in ours too. Source:
 * slack.md §5, point 3.
 */
function comesFromElsewhere(act: Acting, { teamId, enterpriseId, isEnterpriseInstall }: Deps['installation']): boolean {
  const organisation = act.enterprise?.id ?? act.team?.enterprise_id ?? act.enterprise_id
  const workspace = act.user ? act.user.team_id : act.team_id
  const isOfAnother = (said: string | null | undefined, ours: string | null) => Boolean(said) && said !== ours
  if (isEnterpriseInstall || (enterpriseId !== null && isOfAnother(workspace, teamId)))
    return isOfAnother(organisation, enterpriseId)
  return isOfAnother(workspace, teamId)
}

/** Suggestions while somebody types and closed forms attempt nothing. */
function isWorthNoting(act: Attempt | undefined): boolean {
  return act?.type !== 'block_suggestion' && act?.type !== 'view_closed'
}

function attemptOf(act: Attempt | undefined): string {
  const [action] = act?.actions ?? []
  const pressed = action && [action.action_id, action.value && withoutMark(action.value)].filter(Boolean).join(' ')
  return pressed ?? act?.command ?? act?.view?.callback_id ?? act?.callback_id ?? act?.type ?? 'unknown'
}
