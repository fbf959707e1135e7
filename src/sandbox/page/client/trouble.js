import { html } from './html.js'
import { calmSlack, SlackTrouble, slackTroubleOn } from './slack-trouble.js'
import { Check, Pick } from './switch.js'

const updates = {
  ok: 'Taken and answered, as they should be',
  'take, then never answer': 'Taken, but never answered',
  'take, then close the socket': 'Taken, then the connection breaks',
  'take, then 500': 'Taken, but answered with 500',
  'never arrives': 'Lost on the way: not taken',
  'arrives late': 'Never answered, and taken 20 seconds later',
  'drop fields': 'Answered with 200, description kept as it was',
}
const reads = {
  ok: 'Answered as they should be',
  huge: 'Answered with half a gigabyte',
  endless: 'Answered with a list that never ends',
  'a token twice': 'Answered with a token twice, under two names',
}
const texts = {
  'as sent': 'as they are sent',
  trimmed: 'without needless spaces',
  'lower case': 'in small letters',
  'cut short': 'cut to 32 characters',
  'straight quotes': 'with straight quotes',
  escaped: 'with &amp; for &',
}
const gateway = { status: 404, body: { message: 'Not Found' } }
const calm = {
  ...calmSlack,
  stack: {
    slowMs: 0,
    down: false,
    rateLimited: 0,
    updates: 'ok',
    droppedFields: [],
    reads: 'ok',
    lateMs: null,
    lagMs: 0,
    shortLists: 0,
    nextReads: [],
  },
  behaviour: {
    text: 'as sent',
    expiry: 'as sent',
    scope: 'as sent',
    times: true,
    updateAnswer: 'token',
    update: 'replace',
  },
}

/** Switches that make either side misbehave, to see what the app does about it. */
export function Trouble({ stack, slack, ask }) {
  const set = (switches) => ask('/trouble', switches)
  const odd = Object.entries(calm.behaviour).filter(([key, usual]) => stack.behaviour[key] !== usual)
  const on = count(stack.trouble) + slackTroubleOn(slack) + odd.length

  return html`<details class="trouble">
    <summary>Make trouble ${on > 0 && html`<span class="badge">${on} on</span>`}</summary>
    <fieldset>
      <legend>Contentstack</legend>
      <${Check} label="Slow: every answer takes 2 seconds" on=${stack.trouble.slowMs > 0} onSet=${(on) => set({ stack: { slowMs: on ? 2000 : 0 } })} />
      <${Check} label="Down: answers 503" on=${stack.trouble.down} onSet=${(down) => set({ stack: { down } })} />
      <${Check} label="The next 3 requests are too many (429)" on=${stack.trouble.rateLimited > 0} onSet=${(on) => set({ stack: { rateLimited: on ? 3 : 0 } })} />
      <${Pick} label="Updates are" value=${stack.trouble.updates} options=${updates} onSet=${(value) => set({ stack: { updates: value, droppedFields: value === 'drop fields' ? ['description'] : [], lateMs: value === 'arrives late' ? 20_000 : null } })} />
      <${Pick} label="Reads are" value=${stack.trouble.reads} options=${reads} onSet=${(reads) => set({ stack: { reads } })} />
      <${Check} label="Behind: looks show the tokens as they were 10 seconds ago" on=${stack.trouble.lagMs > 0} onSet=${(on) => set({ stack: { lagMs: on ? 10_000 : 0 } })} />
      <${Check} label="The next list of tokens is empty" on=${stack.trouble.shortLists > 0} onSet=${(on) => set({ stack: { shortLists: on ? 1 : 0 } })} />
      <${Check} label="A gateway answers the next look with its own 404" on=${stack.trouble.nextReads.length > 0} onSet=${(on) => set({ stack: { nextReads: on ? [gateway] : [] } })} />
      <${Pick}
        label="What an update leaves out"
        value=${stack.behaviour.update}
        options=${{ replace: 'is reset (replace)', merge: 'stays as it was (merge)' }}
        onSet=${(update) => set({ behaviour: { update } })}
      />
      <${Pick}
        label="Texts are kept"
        value=${stack.behaviour.text}
        options=${texts}
        onSet=${(text) => set({ behaviour: { text } })}
      />
      <${Check} label="An expiry is kept as the end of its day" on=${stack.behaviour.expiry === 'end of day'} onSet=${(on) => set({ behaviour: { expiry: on ? 'end of day' : 'as sent' } })} />
      <${Check} label="A scope is kept sorted: it means the same in any order" on=${stack.behaviour.scope === 'sorted'} onSet=${(on) => set({ behaviour: { scope: on ? 'sorted' : 'as sent' } })} />
      <${Check} label="Does not say when a token was edited: some looks can't be told from older ones" on=${!stack.behaviour.times} onSet=${(on) => set({ behaviour: { times: !on } })} />
      <${Check} label="Answers an update without the token: the app has to look what became of it" on=${stack.behaviour.updateAnswer === 'notice'} onSet=${(on) => set({ behaviour: { updateAnswer: on ? 'notice' : 'token' } })} />
    </fieldset>
    <${SlackTrouble} slack=${slack} set=${set} />
    <button class="button small" disabled=${on === 0} onClick=${() => set(calm)}>End all trouble</button>
  </details>`
}

function count({ slowMs, down, rateLimited, updates, reads, lagMs, shortLists, nextReads }) {
  const on = [slowMs > 0, down, rateLimited > 0, updates !== 'ok', reads !== 'ok']
  return [...on, lagMs > 0, shortLists > 0, nextReads.length > 0].filter(Boolean).length
}
