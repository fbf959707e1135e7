/**
 * How long Slack waits for the ack of a delivery, in milliseconds since it sent it: one that comes later reaches nobody.
 * Source: slack.md §2.
 */
export const slackWaitsMs = 3_000

/**
 * What the edge of the app knows of one delivery: it is reachable from Bolt's context. `late`: the ack came when Slack no longer
 * waited for it, or could not be sent, so that nobody has seen `answer`, which is what it carried. `perhaps`: that may be so, since
 * this process stood still for a while, and can't tell when the delivery came.
 */
export type Delivery = { acked: boolean; late: boolean | 'perhaps'; answer: unknown }
