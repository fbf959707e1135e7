import { exampleOf } from '../../domain/quick/command.ts'
import { isQuickVerb, type QuickVerb, quickVerbs, verbOf } from '../../domain/quick/verbs.ts'
import { line } from '../../words/pieces.ts'
import type { Words } from '../../words/words.ts'
import type { Message } from '../kit/blocks.ts'
import { sayButtons } from '../kit/say-buttons.ts'
import { message } from '../tokens/token-text.ts'
import type { PlainVerb } from './verbs.ts'

type Line = readonly [command: string, does: string]

const { help, ...plain }: Record<PlainVerb, Line> = {
  edit: ['/token edit <name>', 'edit that token: a form, a check of what will change, then the approvers are asked'],
  list: ['/token list [<stack or name>] [expiring | expired]', 'the tokens under governance, all or some of them'],
  show: ['/token show <name>', 'what a token can do, its open changes, its history, and how to go back'],
  history: ['/token history <name> [page]', 'the same history as text'],
  mine: ['/token mine [<stack or name>]', 'your open changes'],
  pending: ['/token pending [<stack or name>]', 'changes that wait for approval, those for you to decide first'],
  help: ['/token help', 'this text'],
}

const commands: readonly Line[] = [
  ['/token', 'choose a token and edit it'],
  ['/token <name>', 'that token in short: what it may do, until when, its open changes'],
  ...Object.values(plain),
  ['/token 42', 'change #42: what it asks for, and where it stands'],
  help,
]

const secretValue =
  "The secret value of a token can't be viewed or changed here; for a new one, generate a new token in Contentstack."

const about = 'Countersign edits Contentstack management tokens with approval.'

/** `/token help` */
export function tokenHelp(): Message {
  const lines = commands.map(([command, does]): Words => [{ said: command }, `: ${does}`])
  const quickLines = quickVerbs.map((verb): Words => {
    const [command, does] = quickLine(verb)
    return [{ said: command }, `: ${does}, as in `, { said: `/token ${exampleOf(verb)}` }]
  })
  return message(
    [about],
    [
      [line(about, ' What you can say:'), ...lines.map((words) => line(...words))],
      [line(...quickWords), ...quickLines.map((words) => line(...words))],
      [line(secretValue)],
    ],
    [...lines, ...quickLines, [secretValue]],
  )
}

/** `/token help extend`; null for no command. */
export function helpFor(typed: string): Message | null {
  const word = typed.split(/\s/)[0]?.toLowerCase() ?? ''
  const [command, does] = isQuickVerb(word) ? quickLine(word) : ({ ...plain, help }[word as PlainVerb] ?? [])
  if (command === undefined || does === undefined) return null
  const words: Words = [{ said: command }, `: ${does}`]
  const example: Words[] = isQuickVerb(word)
    ? [['For example: ', { said: `/token ${exampleOf(word)} because the release is late` }]]
    : []
  const { text, blocks } = message(words, [[line(...words), ...example.map((one) => line(...one))]], example)
  return { text, blocks: [...blocks, ...sayButtons([{ line: 'help', label: 'All commands' }])] }
}

function quickLine(verb: QuickVerb): Line {
  const { usage, does } = verbOf(verb)
  return [`/token ${verb} <name> ${usage}`, does]
}

const quickWords: Words = [
  { strong: 'In one line' },
  ': each of these shows you the change, and sends nothing by itself. End it with ',
  { said: 'because <reason>' },
  '. You can put a name with spaces in quotes.',
]
