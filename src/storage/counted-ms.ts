/** Within this time, the same refusal of the same person adds only one entry, however often they meet it. */
export const countedMs = 10 * 60_000
