/** Looks people up, live. All of it throws if Slack can't be asked: a missing answer is never taken for a yes or a no. */
export type People = {
  /**
   * The reason this person may do nothing here, as a clause ("guests may not use Countersign"); null for a full member.
   */
  obstacle(person: string): Promise<string | null>
  /** The people of a user group; nobody if it is disabled, empty or missing. */
  members(group: string): Promise<readonly string[]>
  /** The one id to compare a person by, of all that Slack knows them by. */
  canonical(person: string): Promise<string>
}
