/** Who people are, live. All throw when Slack can't be asked: nobody is taken for somebody. */
export type People = {
  /** Why this person may do nothing here, as a clause ("guests may not use Countersign"); null for a full member. */
  obstacle(person: string): Promise<string | null>
  /** The people of a user group; nobody when it is disabled, empty or not there. */
  members(group: string): Promise<readonly string[]>
  /** The one id by which a person is compared, of those that Slack knows them by. */
  canonical(person: string): Promise<string>
}
