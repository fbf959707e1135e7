import { stringify } from 'yaml'
import { asTyped } from '../../domain/as-typed.ts'
import { visible } from '../../domain/text.ts'
import { shipped } from '../../shipped.ts'
import type { Answers } from './answers.ts'
import { pasteable } from './env-text.ts'

/** A first `countersign.yaml`: one stack, and a policy in which the same people approve everything. */
export function settingsText({ stack, apiKey, region, channel, approvers }: Answers, envFile: string): string {
  const people = approvers.length === 1 ? plain(approvers[0]!) : `[${approvers.map(plain).join(', ')}]`
  const check = visible(asTyped(`policy check --env-file ${pasteable(envFile)}`)).replaceAll('\n', ' ')
  return `# What Countersign governs, and who decides. No secret belongs in this file.
# After each edit of it: ${check}
# All that it can say: ${visible(shipped('countersign.example.yaml'))}

# Where cards are posted: the app has to be invited there. A stack may have a channel of its own.
channel: ${plain(channel)}

# Who must agree to what. People are Slack member ids (U…: profile → ⋮ → Copy member ID) or user group ids (S…: the group
# → ⋮ → Copy group ID). Whoever asks for a change never counts.
policy:
  # may_ask: S0DEVELOPERS # who may ask for changes; every full member when not set
  # protects: [root-*] # names or uids of tokens that nobody can change here
  rules: # in order; the first that fits counts, and if none fits nobody can approve
    # - name: every token expires
    #   when: { expiry: removed }
    #   refuse: Every token here expires. Ask for a day instead, as late as you need it.
    - name: wider # the token could do more afterwards, or for longer
      when: { verdict: [widens, both] }
      approvers: ${people}
      quorum: 1 # how many of them
      confirm: true # whoever approves types the token's name
    - name: anything else
      approvers: ${people}

stacks:
  - name: ${plain(stack)} # for terminals, the log and the doctor; in Slack, people see the stack's own title
    api_key: ${plain(apiKey)} # which stack it is; not a secret
    region: ${plain(region)}
    # organization_uid: blt0fedcba987654321 # if the organisation has single sign-on
`
}

/** In quotes only if YAML would read something else without them. */
function plain(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd()
}
