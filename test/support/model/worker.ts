import { inOneSeed, tryOut } from './model.ts'

/** Lives through the histories of each seed it is sent, and answers with what fails there. */
process.on('message', async (seed: number) => {
  process.send?.({ seed, failure: await tryOut(seed, inOneSeed) })
})
