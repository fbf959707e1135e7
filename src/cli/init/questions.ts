import type { z } from 'zod'
import { isThisMachine, isWithoutPassword } from '../../config/safe-address.ts'
import { stackFile } from '../../config/settings-file.ts'
import { who } from '../../domain/policy/written.ts'

export type Question = {
  readonly option: string
  readonly asks: string
  /** The reason an answer can't be used, with what to do; null if it can. */
  readonly wrong: (answer: string) => string | null
  /** Stands for no answer; without it, there must be one. */
  readonly otherwise?: string
}

const { name, api_key, region } = stackFile.shape
const someRegions = 'na, eu, au, azure-na, azure-eu, gcp-na or gcp-eu'

/** In the order in which they are asked. */
export const questions = {
  stack: { option: '--stack', asks: 'A short name for the stack, such as website', wrong: by(name) },
  apiKey: { option: '--api-key', asks: 'Its API key (in Contentstack: Settings → Stack)', wrong: by(api_key) },
  region: {
    option: '--region',
    asks: `Its region: ${someRegions}`,
    wrong: by(region, `use ${someRegions}`),
    otherwise: 'na',
  },
  channel: {
    option: '--channel',
    asks: "The id of the channel for cards (in Slack: the channel's name → About, at the bottom)",
    wrong: (answer) => (/^[CG][A-Z0-9]+$/.test(answer) ? null : 'use the id of a Slack channel (C… or G…)'),
  },
  approvers: {
    option: '--approvers',
    asks: 'Who approves changes: ids of people (U…) or user groups (S…), with commas between them',
    wrong: (answer) =>
      idsIn(answer)
        .map(by(who))
        .find((problem) => problem !== null) ?? null,
  },
  url: {
    option: '--url',
    asks: 'Where Slack can reach this machine, https://…, or nothing for Socket Mode, which needs no address',
    wrong: (answer) =>
      answer === '' || isPublic(answer) ? null : 'use an address such as https://countersign.example.com',
    otherwise: '',
  },
  port: {
    option: '--port',
    asks: 'The port that the app listens on there, behind whatever handles HTTPS',
    wrong: (answer) =>
      /^[1-9]\d{0,4}$/.test(answer) && Number(answer) <= 65_535
        ? null
        : 'use a port number from 1 to 65535, such as 3000',
    otherwise: '3000',
  },
} as const satisfies Readonly<Record<string, Question>>

export type QuestionName = keyof typeof questions

/** Ids with commas or spaces between them. */
export function idsIn(answer: string): readonly string[] {
  return [...new Set(answer.split(/[\s,]+/).filter((id, i) => id !== '' || i === 0))]
}

function by(schema: z.ZodType, words?: string) {
  return (answer: string): string | null => {
    const { error } = schema.safeParse(answer)
    return error ? (words ?? error.issues[0]!.message) : null
  }
}

/** Slack sends its requests to nothing else. */
function isPublic(address: string): boolean {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:' || !isWithoutPassword(address)) return false
  return url.search === '' && url.hash === '' && !isThisMachine(url.hostname)
}
