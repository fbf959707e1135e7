const prefix = 'operator:'

/** Somebody at a terminal, as the log names them: by their user on that machine. No id of Slack's has a colon in it. */
export function operatorId(user: string): string {
  return `${prefix}${user}`
}

/** The user of an operator's id; null for everybody else's. */
export function operatorOf(id: string): string | null {
  return id.startsWith(prefix) ? id.slice(prefix.length) : null
}
