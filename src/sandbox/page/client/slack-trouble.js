import { html } from './html.js'
import { Check } from './switch.js'

const edits = 'chat.update'
const inPlaceOfPeople = { 'users.info': 'html' }

/** Slack without any trouble; it then notices links that were cut. */
export const calmSlack = {
  slack: {
    slowMs: 0,
    down: false,
    rateLimited: 0,
    loseAnswers: [],
    revoked: false,
    inPlace: {},
    leaveAlone: {},
    silentUpgrades: false,
  },
  forgetGhosts: true,
}

/** How many of these are on. */
export function slackTroubleOn({ trouble, ghosts }) {
  const { slowMs, down, rateLimited, loseAnswers, revoked, inPlace, silentUpgrades } = trouble
  const isSwitchedOn = [slowMs > 0, down, rateLimited > 0, loseAnswers.length > 0, revoked, silentUpgrades]
  return [...isSwitchedOn, isReplaced(inPlace), isLeftAlone(trouble), ghosts > 0].filter(Boolean).length
}

export function SlackTrouble({ slack, set }) {
  const { trouble, connections, ghosts } = slack
  const turn = (switches) => set({ slack: switches })

  return html`<fieldset>
    <legend>Slack</legend>
    <${Check}
      label="Slow: every answer takes 2 seconds"
      watch="Type /token list as somebody who has typed nothing for a minute: you are told that Slack did not answer in time, and that nothing was done."
      on=${trouble.slowMs > 0}
      onSet=${(on) => turn({ slowMs: on ? 2000 : 0 })}
    />
    <${Check}
      label="Down: answers 503"
      watch="Press Approve on a card: it stays as it is. Switch this off, and the card follows."
      on=${trouble.down}
      onSet=${(down) => turn({ down })}
    />
    <${Check}
      label="The next 3 calls are too many (429)"
      watch="Type /token edit ci-deploy: no form opens, and you are told that something went wrong."
      on=${trouble.rateLimited > 0}
      onSet=${(on) => turn({ rateLimited: on ? 3 : 0 })}
    />
    <${Check}
      label="Messages are posted, but the answer is lost"
      watch="Ask for a change: its card may come twice. Press a button on either, and the one that you pressed follows."
      on=${trouble.loseAnswers.length > 0}
      onSet=${(on) => turn({ loseAnswers: on ? ['chat.postMessage'] : [] })}
    />
    <${Check}
      label="Refuses edits of messages for 30 seconds"
      watch="Approve a change: it is applied at once, and its card follows."
      on=${isLeftAlone(trouble)}
      onSet=${(on) => turn({ leaveAlone: on ? { [edits]: Date.now() + 30_000 } : {} })}
    />
    <${Check}
      label="A proxy answers with its own page when people are looked up"
      watch="Type /token list: you are told what failed, and not shown any of that page."
      on=${isReplaced(trouble.inPlace)}
      onSet=${(on) => turn({ inPlace: on ? inPlaceOfPeople : {} })}
    />
    <${Check}
      label="The bot token was revoked"
      watch="Type /token list: you are told who has to act, and the terminal says why. Switch it off, and the app goes on by itself."
      on=${trouble.revoked}
      onSet=${(revoked) => turn({ revoked })}
    />
    <${Check}
      label="New connections are not answered"
      watch="Drop the app's connections and type /token list: it fails, and the terminal says why."
      on=${trouble.silentUpgrades}
      onSet=${(silentUpgrades) => turn({ silentUpgrades })}
    />
    <button class="button small" onClick=${() => set({ dropSockets: true })}>Drop the app's connections</button>
    <button class="button small" onClick=${() => set({ cutLinks: true })}>Cut them without telling anybody</button>
    <small>Slack counts ${connections}, ${ghosts} of them cut. What it sends over a cut one is lost: some commands get no answer until trouble ends.</small>
  </fieldset>`
}

function isReplaced(inPlace) {
  return Object.keys(inPlace).length > 0
}

function isLeftAlone({ leaveAlone }) {
  return (leaveAlone[edits] ?? 0) > Date.now()
}
