/** Whether nobody reads any more what was to be written, as when it goes to `head`, which has had enough. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}

/**
 * Lets what is said to nobody be lost without a word: a command goes on and ends with the code that it ends with anyhow,
 * since what it does and finds does not depend on who reads along.
 */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error
    })
}
