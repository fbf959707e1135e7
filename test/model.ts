import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { inOneSeed } from './support/model/model.ts'

/**
 * `npm run model`: lives through many more of the random histories than the tests do, starting with the seed SEED or
 * one that it prints, in MODEL_WORKERS processes. Prints what fails, as short as it can be made, and then ends with 1.
 */
const { MODEL_RUNS = '20000', MODEL_WORKERS = String(availableParallelism()), SEED } = process.env
const first = Number(SEED ?? Date.now() % 2 ** 31)
const seeds = Math.ceil(Number(MODEL_RUNS) / inOneSeed)
const said = { done: 0, failed: 0 }
const began = performance.now()

const last = first + seeds - 1
say(
  `${seeds * inOneSeed} histories, ${inOneSeed} from each of the seeds ${first} to ${last}, by ${MODEL_WORKERS} processes`,
)
let next = first
await Promise.all(Array.from({ length: Number(MODEL_WORKERS) }, work))
say(`${seeds * inOneSeed} histories, of which those of ${said.failed} seeds failed`)
process.exitCode = said.failed > 0 ? 1 : 0

async function work(): Promise<void> {
  const worker = fork(new URL('support/model/worker.ts', import.meta.url))
  while (next <= last) tell(await answerOf(worker, next++))
  worker.disconnect()
}

type Answer = { readonly seed: number; readonly failure: string | null }

function answerOf(worker: ChildProcess, seed: number): Promise<Answer> {
  return new Promise((resolve) => {
    const died = (code: number | null) =>
      resolve({ seed, failure: `The process of the seed ${seed} ended with ${code}.` })
    worker.once('exit', died)
    worker.once('message', (answer: Answer) => {
      worker.off('exit', died)
      resolve(answer)
    })
    worker.send(seed)
  })
}

function tell({ seed, failure }: Answer): void {
  said.done += inOneSeed
  if (failure !== null) {
    said.failed += 1
    say(`\n${failure}\n`)
  }
  const rate = (said.done / (performance.now() - began)) * 1000
  say(`${said.done} done, ${rate.toFixed(1)} a second; the last seed was ${seed}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
