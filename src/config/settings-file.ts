import { z } from 'zod'
import { regionNames } from '../contentstack/regions.ts'
import { isGroup, type Policy } from '../domain/policy/policy.ts'
import { isSendable } from '../domain/text.ts'
import { isToken } from './mistaken-values.ts'
import { nameOfVariable } from './name-of-variable.ts'
import { oauthFile } from './oauth-file.ts'
import { type PolicyFile, policyFile, policyFrom, quorum, simplePolicy, whoList } from './policy-file.ts'
import { policyProblems } from './policy-problems.ts'
import { isSafeAddress, isWithoutPassword } from './safe-address.ts'
import { type Problem, readYaml, type Written } from './yaml.ts'

const seconds = z.number().positive()
export const stackFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'use a short name of lower-case letters, digits and hyphens'),
  api_key: z
    .string()
    .refine(isSendable, 'copy it again: it is empty, or has a character that no API key has')
    .refine(
      (key) => !isToken(key),
      'this looks like a token, which is a secret and does not belong here: copy the API key of the stack from Contentstack (Settings → Stack)',
    ),
  region: z.enum(regionNames).optional(),
  base_url: z
    .string()
    .refine(isSafeAddress, 'give it as https://…: over anything else, the authtoken could be read in transit')
    .refine(isWithoutPassword, 'leave the user and password out: no request can be made with them')
    .optional(),
  authtoken_env: nameOfVariable('SHOP_AUTHTOKEN').optional(),
  oauth: oauthFile.optional(),
  organization_uid: z
    .string()
    .regex(/^\w+$/, "it is letters and digits, as in the address of the organisation's page")
    .optional(),
  channel: z.string().optional(),
  approvers: whoList.optional(),
  approvals: quorum.optional(),
  policy: policyFile.optional(),
  requests_per_second: z.number().positive().default(2),
  rate_limit_fields: z.strictObject({ enabled: z.string(), read: z.string(), write: z.string() }).optional(),
})
const noStack =
  'list at least one stack here, with its name, its api_key and its region, as countersign.example.yaml does'
/** All that the file may say. */
export const configFile = z.strictObject({
  channel: z.string().optional(),
  policy: policyFile.optional(),
  stacks: z.array(stackFile, noStack).min(1, noStack),
  timing: z
    .strictObject({
      write_timeout: seconds.default(10),
      lease: seconds.default(45),
      arrival: seconds.default(900),
      sweep: seconds.default(5),
    })
    .prefault({}),
  anchors: z
    .strictObject({
      file: z.string().min(1).optional(),
      webhook_env: nameOfVariable('ANCHOR_WEBHOOK').optional(),
      syslog: z
        .string()
        .regex(/^udp:\/\/[^\s/:@]+(:\d{1,5})?$|^udp:\/\/\[[0-9a-f:.]+\](:\d{1,5})?$/i, 'give it as udp://host:514')
        .optional(),
    })
    .prefault({}),
})
type Content = z.infer<typeof configFile>
export type ConfigFile = Content & {
  /** The file as it is written, without any defaults. */
  readonly written: Written
}
export type StackFile = Content['stacks'][number]

/** The operator's file if nothing in it is wrong; otherwise null, and everything wrong is added to `problems`. */
export function readConfigFile(path: string, problems: string[]): ConfigFile | null {
  const { value, written, problems: found, inWords } = readYaml(path, configFile)
  problems.push(...found)
  if (!value) return null
  const beyond = [...value.stacks.flatMap((stack, i) => problemsOf(stack, i, value)), ...problemsTogether(value)]
  problems.push(...beyond.map(inWords))
  return beyond.length > 0 ? null : { ...value, written }
}

/**
 * The policy of each stack: its own, the short form of one, or that of the whole file, which is then the same object.
 */
export function policiesOf({ policy, stacks }: Content): Policy[] {
  const ofAll = policy && policyFrom(policy)
  return stacks.map((stack) => {
    const own = ownPolicy(stack)
    return own ? policyFrom(own) : ofAll!
  })
}

function ownPolicy({ policy, approvers, approvals }: StackFile): PolicyFile | undefined {
  return policy ?? (approvers && simplePolicy(approvers, approvals ?? 1))
}

function problemsOf(stack: StackFile, index: number, { channel, policy }: Content): Problem[] {
  const { name, region, base_url, oauth } = stack
  const at = (message: string, ...path: PropertyKey[]) => ({ path: ['stacks', index, ...path], message })
  const needsChannel = `stack ${name} has no channel: give the id of the approvals channel (C…), for this stack or for the whole file`
  const needsPolicy = `stack ${name} has no policy: give it approvers or a policy, or give the whole file a policy`
  return [
    ...(stack.channel || channel ? [] : [at(needsChannel)]),
    ...(!region === !base_url ? [at(`stack ${name} needs either a region or a base_url`)] : []),
    ...(oauth && stack.authtoken_env ? [at(`stack ${name} ${bothWays}`, 'oauth')] : []),
    ...(oauth && base_url && !oauth.app_url ? [at(`stack ${name} ${needsAppUrl}`, 'oauth')] : []),
    ...(ownPolicy(stack) || policy ? [] : [at(needsPolicy)]),
    ...shorthandProblems(stack).map((message) => at(message, 'approvals')),
    ...(stack.policy
      ? policyProblems(stack.policy, [stack]).map(({ path, message }) => at(message, 'policy', ...path))
      : []),
  ]
}

const bothWays = 'has both an authtoken_env and oauth: keep the one that the app is to use'
const needsAppUrl =
  'has a base_url, which does not say where people sign in: give oauth an app_url too, such as https://eu-app.contentstack.com'

function shorthandProblems({ name, approvers, approvals, policy }: StackFile): string[] {
  if (approvers && policy) return [`stack ${name} has both approvers and a policy: keep one of them`]
  if (!approvers && approvals !== undefined)
    return ['approvals goes with approvers; in a policy each rule has a quorum of its own']
  if (!approvers || approvers.some(isGroup)) return []
  const people = new Set(approvers).size
  return people < (approvals ?? 1) ? [`stack ${name} wants ${approvals} approvals but lists ${people} approvers`] : []
}

function problemsTogether({ policy, stacks, timing }: Content): Problem[] {
  const names = stacks.map((stack) => stack.name)
  const twice = names.flatMap((name, i) => (names.indexOf(name) === i ? [] : [{ name, i }]))
  return [
    ...sharedKeys(stacks),
    ...twice.map(({ name, i }) => ({
      path: ['stacks', i, 'name'],
      message: `two stacks are called ${name}: give each a name of its own`,
    })),
    ...(policy
      ? commonProblems(policy, stacks).map((problem) => ({ ...problem, path: ['policy', ...problem.path] }))
      : []),
    ...(timing.lease < 2 * timing.write_timeout
      ? [{ path: ['timing', 'lease'], message: 'timing.lease must be at least twice timing.write_timeout' }]
      : []),
    ...(timing.arrival < timing.lease
      ? [{ path: ['timing', 'arrival'], message: 'timing.arrival must be at least timing.lease' }]
      : []),
  ]
}

/** One stack in two entries would have each token twice, and two policies. Reported at each of them. */
function sharedKeys(stacks: readonly StackFile[]): Problem[] {
  const keys = stacks.map(({ api_key }) => api_key.toLowerCase())
  return stacks.flatMap((_, i) => {
    const others = stacks.flatMap(({ name }, j) => (j !== i && keys[j] === keys[i] ? [`stacks.${j} (${name})`] : []))
    if (others.length === 0) return []
    const message = `${others.join(', ')} has this api_key too: a stack can have only one entry, so keep one of them`
    return [{ path: ['stacks', i, 'api_key'], message }]
  })
}

/** The policy of the whole file is for the stacks that have no other. */
function commonProblems(policy: PolicyFile, stacks: readonly StackFile[]): Problem[] {
  const ruled = stacks.filter((stack) => !ownPolicy(stack))
  if (ruled.length > 0) return policyProblems(policy, ruled)
  return [
    { path: [], message: 'this does not apply to any stack, since each has its own approvers or policy: leave it out' },
  ]
}
