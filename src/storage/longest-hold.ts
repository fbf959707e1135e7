/** Longer than anybody holds anything, in milliseconds. */
export const longestHoldMs = 60_000
