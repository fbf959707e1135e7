import { asTyped } from '../../domain/as-typed.ts'
import type { Answers } from './answers.ts'
import { pasteable } from './env-text.ts'

/** `missing`: the secrets that still have to be filled in; `setup`: the page about setting it up. */
type Written = {
  readonly answers: Answers
  readonly envFile: string
  readonly missing: ReadonlySet<string>
  readonly setup: string
}

/** The steps after the files are written, in order. */
export function nextSteps({ answers, envFile, missing, setup }: Written): string[] {
  const { channel, http } = answers
  const fill = (name: string, where: string) =>
    missing.has(name) ? [`${where}, and put it into ${envFile} as ${name}.`] : []
  const withFile = `--env-file ${pasteable(envFile)}`
  const steps = [
    'At https://api.slack.com/apps choose "Create New App", "From a manifest", your workspace, and paste the manifest above.',
    ...(http
      ? [
          `Point ${http.url} at port ${http.port} of this machine. When Slack wants to verify that address, let it do so once the app runs.`,
        ]
      : []),
    'Choose "Install App", and install it to the workspace.',
    ...fill('SLACK_BOT_TOKEN', 'Copy the "Bot User OAuth Token" (xoxb-…) from there'),
    ...fill(
      'SLACK_APP_TOKEN',
      'Under "Basic Information", "App-Level Tokens", generate a token (xapp-…) with the scope connections:write',
    ),
    ...fill('SLACK_SIGNING_SECRET', 'Copy the "Signing Secret" under "Basic Information"'),
    `In Slack, invite the app to the channel ${channel}: /invite @Countersign`,
    ...fill('CONTENTSTACK_AUTHTOKEN', `Make an authtoken of a Contentstack owner or admin (${setup} says how)`),
    `Run "${asTyped(`doctor ${withFile}`)}", which says what is still missing or wrong.`,
    `Run "${asTyped(`start ${withFile}`)}". Once it says "ready", type /token list in Slack.`,
    `To watch the app, set HEALTH_PORT in ${envFile} and start it again: then "${asTyped(`health ${withFile}`)}" says whether it can do its work.`,
  ]
  return ['Next:', ...steps.map((step, i) => `${String(i + 1).padStart(3)}. ${step}`)]
}
