import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Refusal } from '../../domain/refusal.ts'

/** Resolves to what was typed, without the spaces around it. Throws a Refusal if nobody answers any more. */
export type Ask = (question: string, how?: { readonly hidden: boolean }) => Promise<string>

/** Asks at a terminal. What is typed to a hidden question is not shown; lines that are pasted together answer in turn. */
export function openAsker(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
  let isHidden = false
  const shown = new Writable({
    write(chunk, _, done) {
      if (!isHidden) output.write(chunk)
      done()
    },
  })
  const reader = createInterface({ input, output: shown, terminal: true, historySize: 0 })
  const lines: string[] = []
  let hear: (() => void) | null = null
  let isClosed = false
  reader.on('line', (line) => {
    lines.push(line)
    hear?.()
  })
  reader.on('close', () => {
    isClosed = true
    hear?.()
  })
  return { ask, close: () => reader.close() }

  async function ask(question: string, { hidden } = { hidden: false }): Promise<string> {
    reader.setPrompt(hidden ? '' : question)
    if (hidden) output.write(question)
    isHidden = hidden
    reader.prompt()
    while (lines.length === 0 && !isClosed) await new Promise<void>((resolve) => (hear = resolve))
    if (hidden) output.write('\n')
    isHidden = false
    const line = lines.shift()
    if (line === undefined) throw new Refusal('invalid', 'Stopped: nothing was written.')
    return line.trim()
  }
}
