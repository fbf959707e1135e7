import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { looksLikeSecret } from '../config/mistaken-values.ts'
import { Refusal } from '../domain/refusal.ts'
import { visible } from '../domain/text.ts'

/** Resolves to what was typed, without the spaces around it. Throws a Refusal if nobody answers any more. */
export type Ask = (question: string, how?: { readonly hidden: boolean }) => Promise<string>

/**
 * Asks at a terminal. What is typed is shown only while a question waits for it, and not to a hidden one. Lines that are
 * pasted together or typed ahead answer in turn, and each is shown with its question, if at all.
 */
export function openAsker(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
  let isShown = false
  const shown = new Writable({
    write(chunk, _, done) {
      if (isShown) output.write(chunk)
      done()
    },
  })
  const reader = createInterface({ input, output: shown, terminal: true, historySize: 0 })
  const lines: string[] = []
  let hear: (() => void) | null = null
  let isClosed = false
  reader.on('line', (line) => {
    // Whatever follows in the same paste may answer a hidden question.
    isShown = false
    lines.push(line)
    hear?.()
  })
  reader.on('close', () => {
    isClosed = true
    hear?.()
  })
  return { ask, close: () => reader.close() }

  async function ask(question: string, { hidden } = { hidden: false }): Promise<string> {
    const ahead = lines.shift()
    if (ahead === undefined) return asked(question, hidden)
    output.write(`${question}${hidden || looksLikeSecret(ahead) ? '' : visible(ahead)}\n`)
    return ahead.trim()
  }

  async function asked(question: string, hidden: boolean): Promise<string> {
    reader.setPrompt(hidden ? '' : question)
    if (hidden) output.write(question)
    isShown = !hidden
    const isAsked = !isClosed
    if (isAsked) reader.prompt(true)
    while (lines.length === 0 && !isClosed) await new Promise<void>((resolve) => (hear = resolve))
    isShown = false
    const line = lines.shift()
    if (hidden || (isAsked && line === undefined)) output.write('\n')
    if (line === undefined) throw new Refusal('invalid', 'Stopped: nothing was written.')
    return line.trim()
  }
}
