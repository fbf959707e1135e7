import type { TerminalConfig } from '../config/config.ts'
import { operatorOf } from '../domain/operator.ts'
import { isGroup } from '../domain/policy/policy.ts'
import { openWebApi } from '../slack/calls/web-api.ts'
import { createPeople, type SlackPeople } from '../slack/people/people.ts'
import type { Who } from '../words/plain.ts'

type Deps = { slack: TerminalConfig['slack']; now: () => Date }

/** The names that people use for these people and user groups, with their ids; only the ids if Slack can't be asked. */
export async function namesFor(ids: readonly string[], { slack, now }: Deps): Promise<Who> {
  const ofSlack = [...new Set(ids)].filter((id) => /^[UWS][A-Z0-9]+$/.test(id))
  const names = slack && ofSlack.length > 0 ? await lookUp(ofSlack, slack, now).catch(() => null) : null
  return (id) => {
    const user = operatorOf(id)
    return user === null ? (names?.get(id) ?? id) : `operator ${user}`
  }
}

async function lookUp(ids: readonly string[], slack: NonNullable<Deps['slack']>, now: () => Date) {
  const { client, installation } = await openWebApi(slack)
  const people = createPeople({ client, installation, now })
  return new Map(await Promise.all(ids.map(async (id) => [id, await nameOf(id, people)] as const)))
}

async function nameOf(id: string, people: SlackPeople): Promise<string> {
  const name = isGroup(id) ? await groupName(id, people) : await people.nameOf(id)
  return name === id ? id : `${name} (${id})`
}

async function groupName(id: string, people: SlackPeople): Promise<string> {
  const group = await people.group(id)
  return group ? `@${group.handle}` : id
}
