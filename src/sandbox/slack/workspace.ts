import { type Changes, createChanges } from './changes.ts'
import { type Clock, createClock } from './clock.ts'
import { createMessages, type Messages } from './messages.ts'
import { createNotices, type Notices } from './notices.ts'
import { createDirectory, type Directory, defaultApp, defaultChannels, defaultPeople, leastScopes } from './people.ts'
import type { ApiCall, AppSpec, Delivery, SlackOptions, Trouble } from './protocol.ts'
import { createResponseUrls, type ResponseUrls } from './response-urls.ts'
import { createTriggers, type Triggers } from './triggers.ts'
import { createViews, type Views } from './views.ts'

/** The identity of the workspace and the app in it. Tokens and secrets are made up and mean nothing outside. */
export const identity = {
  teamId: 'T0SANDBOX',
  domain: 'sandbox',
  teamName: 'Sandbox',
  botUserId: 'U0APPBOT',
  botId: 'B0APPBOT',
  botToken: 'xoxb-sandbox-bot-token',
  appToken: 'xapp-1-sandbox-app-token',
  signingSecret: 'sandbox-signing-secret',
} as const

/** Everything that the workspace knows. The parts around it read and change it, then call `changed`. */
export type Workspace = Changes & {
  readonly app: AppSpec
  /** The organisation that it belongs to. */
  readonly enterpriseId: string | null
  readonly tablesOnHome: boolean
  readonly scopes: Set<string>
  readonly clock: Clock
  readonly directory: Directory
  readonly messages: Messages
  readonly views: Views
  readonly triggers: Triggers
  readonly responseUrls: ResponseUrls
  readonly notices: Notices
  readonly trouble: Trouble
  readonly calls: ApiCall[]
  readonly deliveries: Delivery[]
  /** The workspace's own address; known once it listens. */
  url: string
}

export function createWorkspace(options: SlackOptions): Workspace {
  const { people = defaultPeople, channels = defaultChannels, userGroups = [], app = defaultApp } = options
  const clock = createClock(options.now ?? Date.now)
  return {
    ...createChanges(),
    app,
    enterpriseId: options.enterpriseId ?? null,
    tablesOnHome: options.tablesOnHome ?? true,
    scopes: new Set(app.scopes ?? leastScopes),
    clock,
    directory: createDirectory({ people, channels, userGroups }),
    messages: createMessages(clock),
    views: createViews(clock),
    triggers: createTriggers(clock),
    responseUrls: createResponseUrls(clock, identity.teamId),
    notices: createNotices(),
    trouble: {
      slowMs: 0,
      held: [],
      down: false,
      rateLimited: 0,
      retryAfterSeconds: 1,
      leaveAlone: {},
      loseAnswers: [],
      fail: {},
      inPlace: {},
      revoked: false,
      silentUpgrades: false,
      weather: null,
      carried: null,
    },
    calls: [],
    deliveries: [],
    url: '',
  }
}
