import type { Notice } from '../ports/presence.ts'
import type { ConnectedSlack } from './connect.ts'
import type { OpenRecord } from './record.ts'

type Deps = {
  readonly slack: Pick<ConnectedSlack, 'people' | 'channels'>
  readonly record: Pick<OpenRecord, 'whole'>
  /** Called when another process brings the Homes up to date that it knows to be open. */
  readonly homesElsewhere: () => void
}

export type Notices = ReturnType<typeof createNotices>

/**
 * Between this process and the others on its database. Slack tells only one of them that somebody was deactivated or has left
 * a group: without this, the others would count that person for up to a minute more.
 */
export function createNotices({ slack: { people, channels }, record: { whole }, homesElsewhere }: Deps) {
  const forget = { person: people.forgetPerson, group: people.forgetGroup, channel: channels.forget }
  return { tell, hear: () => whole.hearOthers({ onNotice, onGap }) }

  function tell(notice: Notice): void {
    // Without the database nobody decides, and each forgets everything once it is back.
    void whole.tellOthers(notice).catch(() => {})
  }

  function onNotice(notice: Notice): void {
    if (notice.about === 'homes') homesElsewhere()
    else forget[notice.about](notice.id)
  }

  function onGap(): void {
    people.forgetAll()
    channels.forgetAll()
    homesElsewhere()
  }
}
