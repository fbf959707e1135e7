/**
 * How long Slack waits for an ack, in milliseconds since it sent the delivery: a later one reaches nobody. Source:
 * slack.md §2.
 */
export const slackWaitsMs = 3_000

/**
 * The app's notes on one delivery, reachable from Bolt's context. `late`: the ack came after Slack had stopped waiting,
 * or could not be sent, so nobody has seen the `answer` that it carried. `perhaps`: that may be so, since this process
 * stood still for a while and can't tell when the delivery came.
 */
export type Delivery = { acked: boolean; late: boolean | 'perhaps'; answer: unknown }
