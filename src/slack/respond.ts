import type { RespondFn } from '@slack/bolt'

type Answer = Extract<Parameters<RespondFn>[0], object>

/**
 * Answers at the `response_url`, seen by the person alone. What comes back says nothing, but is read to its end all the same:
 * else Node keeps the connection, and opens another for the next answer, until its memory is cleared.
 */
export async function respondPrivately(respond: RespondFn, answer: Answer): Promise<void> {
  const response = await respond({ response_type: 'ephemeral', ...answer })
  await response.text()
}
