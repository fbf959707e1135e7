const prefix = 'operator:'

/** The log's name for somebody at a terminal, by their user on that machine. No Slack id contains a colon. */
export function operatorId(user: string): string {
  return `${prefix}${user}`
}

/** The user in an operator's id; null for any other id. */
export function operatorOf(id: string): string | null {
  return id.startsWith(prefix) ? id.slice(prefix.length) : null
}
