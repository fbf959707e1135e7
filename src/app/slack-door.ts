import { createLetIn } from '../slack/calls/let-in.ts'
import { createDoor } from '../workflow/looks/door.ts'
import type { Clocks } from './clocks.ts'
import type { LogLines } from './log-lines.ts'

type Deps = {
  readonly clocks: Clocks
  readonly says: LogLines
  /** Called when Slack answers again. */
  readonly onAnswersAgain: () => void
}

export type SlackDoor = ReturnType<typeof watchSlackDoor>

/** Tells from the app's calls whether Slack lets it in, and whether Slack answers at all. */
export function watchSlackDoor({ clocks: { now, monotonic }, says, onAnswersAgain }: Deps) {
  const door = (say: (why: string | null) => void) =>
    createDoor({
      now,
      onChange: (why) => {
        say(why)
        if (why === null) onAnswersAgain()
      },
    })
  const letIn = door((why) => says.door('Slack', why))
  const answering = door(says.slackAnswers)
  const onHeardAgain = (method: string) => {
    says.slackAnswersAgain(method)
    onAnswersAgain()
  }
  const calls = createLetIn({
    letIn,
    answering,
    onUnheard: says.slackAnswersNot,
    onHeardAgain,
    now,
    ticks: monotonic,
  })
  return { letIn, answering, calls }
}
