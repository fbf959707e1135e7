/** Milliseconds in a day without a change of clocks, as in UTC. */
export const dayMs = 24 * 60 * 60 * 1000
