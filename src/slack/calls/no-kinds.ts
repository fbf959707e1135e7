/** The subject of a Slack error, which decides who can fix it. */
export type NoKind = 'token' | 'scope' | 'plan' | 'barred' | 'outage' | 'other'

/**
 * The errors that any method may answer with and that say something about the app's standing; all others are about the
 * call. Sources: "Common errors" of each method at docs.slack.dev/reference/methods; slack.md §9.
 */
const kinds: Record<Exclude<NoKind, 'other'>, readonly string[]> = {
  token: [
    'account_inactive',
    'invalid_auth',
    'no_permission',
    'not_allowed_token_type',
    'not_authed',
    'team_access_not_granted',
    'token_expired',
    'token_revoked',
  ],
  scope: ['missing_scope'],
  plan: ['paid_only', 'paid_teams_only', 'plan_upgrade_required'],
  barred: [
    'access_denied',
    'accesslimited',
    'ekm_access_denied',
    'enterprise_is_restricted',
    'two_factor_setup_required',
  ],
  outage: [
    'external_channel_migrating',
    'fatal_error',
    'internal_error',
    'org_login_required',
    'rate_limited',
    'ratelimited',
    'request_timeout',
    'service_unavailable',
    'team_added_to_org',
  ],
}

export function kindOf(error: string): NoKind {
  const found = Object.entries(kinds).find(([, errors]) => errors.includes(error))
  return (found?.[0] as NoKind | undefined) ?? 'other'
}

/** The app meets these now and then, and they are about the call. */
const ofCalls = [
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'user_not_found',
  'users_not_found',
  'user_not_visible',
  'subteam_not_found',
  'no_such_subteam',
  'not_found',
  'expired_trigger_id',
  'exchanged_trigger_id',
  'invalid_trigger_id',
  'hash_conflict',
  'push_limit_reached',
  'invalid_arguments',
  'invalid_blocks',
  'msg_too_long',
  'view_too_large',
  'restricted_action',
  'edit_window_closed',
]

/** True for the names that may be counted one by one: whatever answers in Slack's place can make up any number. */
export function isKnownError(error: string): boolean {
  return kindOf(error) !== 'other' || ofCalls.includes(error)
}

/** Slack's names for a 429 that comes as a "no" instead. */
export const tooMany = ['ratelimited', 'rate_limited']

/** Errors after which no call succeeds until an operator sees to the token. */
const ended = ['account_inactive', 'invalid_auth', 'not_authed', 'token_expired', 'token_revoked']

export function endsToken(error: string): boolean {
  return ended.includes(error)
}
