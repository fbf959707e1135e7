/** True if the reader closed the pipe: `head` does, once it has enough. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}

/**
 * Output that nobody reads is dropped silently: the command goes on and ends with its usual code, since its work and
 * findings do not depend on readers.
 */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error
    })
}
