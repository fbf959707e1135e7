import { html } from './html.js'
import { Check, Pick } from './switch.js'

/** Each with something to try, and what to look at. */
const updates = {
  ok: ['Taken and answered, as they should be'],
  'take, then never answer': [
    'Taken, but never answered',
    'Approve a change: its card says that it is being applied, then that it was. A look has shown it.',
  ],
  'take, then close the socket': [
    'Taken, then the connection breaks',
    'Approve a change: it is written once, and counts as applied because a look shows it.',
  ],
  'take, then 500': [
    'Taken, but answered with 500',
    'Approve a change: it is written once, and counts as applied because a look shows it.',
  ],
  'never arrives': [
    'Lost on the way: not taken',
    'Approve a change: its card says what may have been sent, and until when that could arrive. Switch it off, and it is applied at the next try.',
  ],
  'arrives late': [
    'Never answered, and taken 20 seconds later',
    'Approve a change: its card claims nothing until a look shows what has arrived.',
  ],
  'drop fields': [
    'Answered with 200, description kept as it was',
    'Ask for another description and approve it: the change fails, and its card says what the token has.',
  ],
}
const reads = {
  ok: ['Answered as they should be'],
  huge: ['Answered with half a gigabyte', 'Type /token list: it shows what was seen last, and says why.'],
  endless: [
    'Answered with a list that never ends',
    'Type /token list: in half a minute it shows what was seen last, and says why.',
  ],
  'a token twice': [
    'Answered with a token twice, under two names',
    "Type /token list: it says that this token can't be read, and why.",
  ],
}
const texts = {
  'as sent': ['as they are sent'],
  trimmed: ['without extra spaces', 'Ask for a name with two spaces in it: its card shows what the stack made of it.'],
  'lower case': ['in small letters', 'Ask for a name with a capital: its card shows what the stack made of it.'],
  'cut short': ['cut to 32 characters', 'Ask for a longer description: its card shows what the stack made of it.'],
  'straight quotes': [
    'with straight quotes',
    'Ask for a description with “quotes”: its card shows what the stack made of it.',
  ],
  escaped: ['with &amp; for &', 'Ask for a name with & in it: its card shows what the stack made of it.'],
}
const rest = {
  replace: ['is reset (replace)'],
  merge: ['stays as it was (merge)', 'Approve a change: nothing differs, since the app sends the whole token.'],
}
const gateway = { status: 404, body: { message: 'Not Found' } }

export const calmStack = {
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

/** How many of these are on. */
export function stackTroubleOn({ trouble, behaviour }) {
  const { slowMs, down, rateLimited, updates, reads, lagMs, shortLists, nextReads } = trouble
  const on = [slowMs > 0, down, rateLimited > 0, updates !== 'ok', reads !== 'ok']
  const odd = Object.entries(calmStack.behaviour).map(([key, usual]) => behaviour[key] !== usual)
  return [...on, lagMs > 0, shortLists > 0, nextReads.length > 0, ...odd].filter(Boolean).length
}

export function StackTrouble({ stack: { trouble, behaviour }, set }) {
  const turn = (stack) => set({ stack })
  const keeps = (behaviour) => set({ behaviour })

  return html`<fieldset>
    <legend>Contentstack</legend>
    <${Check}
      label="Slow: every answer takes 2 seconds"
      watch="Type /token edit ci-deploy: the form opens at once, with what was seen last."
      on=${trouble.slowMs > 0}
      onSet=${(on) => turn({ slowMs: on ? 2000 : 0 })}
    />
    <${Check}
      label="Down: answers 503"
      watch="Approve a change: its card says why it is not applied yet. Switch it off, and it is applied by itself."
      on=${trouble.down}
      onSet=${(down) => turn({ down })}
    />
    <${Check}
      label="The next 3 requests are too many (429)"
      watch="Approve a change: it is applied a little later, and nobody has to do anything."
      on=${trouble.rateLimited > 0}
      onSet=${(on) => turn({ rateLimited: on ? 3 : 0 })}
    />
    <${Pick}
      label="Updates are"
      value=${trouble.updates}
      options=${updates}
      onSet=${(value) => turn({ updates: value, droppedFields: value === 'drop fields' ? ['description'] : [], lateMs: value === 'arrives late' ? 20_000 : null })}
    />
    <${Pick} label="Reads are" value=${trouble.reads} options=${reads} onSet=${(reads) => turn({ reads })} />
    <${Check}
      label="Behind: looks show the tokens as they were 10 seconds ago"
      watch="Approve a change: its card says that the stack took the update, until a look shows it."
      on=${trouble.lagMs > 0}
      onSet=${(on) => turn({ lagMs: on ? 10_000 : 0 })}
    />
    <${Check}
      label="The next list of tokens is empty"
      watch="Type /token list: every token is still there. The app also looks by itself: if that look comes first, this switches itself off."
      on=${trouble.shortLists > 0}
      onSet=${(on) => turn({ shortLists: on ? 1 : 0 })}
    />
    <${Check}
      label="A gateway answers the next look with its own 404"
      watch="Approve a change: it is tried again, and no token counts as gone. The app also looks by itself: if that look comes first, this switches itself off."
      on=${trouble.nextReads.length > 0}
      onSet=${(on) => turn({ nextReads: on ? [gateway] : [] })}
    />
    <${Pick} label="What an update leaves out" value=${behaviour.update} options=${rest} onSet=${(update) => keeps({ update })} />
    <${Pick} label="Texts are kept" value=${behaviour.text} options=${texts} onSet=${(text) => keeps({ text })} />
    <${Check}
      label="An expiry is kept as the end of its day"
      watch="Ask for another expiry: its card names what the stack keeps."
      on=${behaviour.expiry === 'end of day'}
      onSet=${(on) => keeps({ expiry: on ? 'end of day' : 'as sent' })}
    />
    <${Check}
      label="A scope is kept sorted"
      watch="Ask for another branch: nothing differs, since a scope means the same in any order."
      on=${behaviour.scope === 'sorted'}
      onSet=${(on) => keeps({ scope: on ? 'sorted' : 'as sent' })}
    />
    <${Check}
      label="Does not say when a token was edited"
      watch="Edit a token by hand while a change of it waits: its card says that the look may have shown an older state."
      on=${!behaviour.times}
      onSet=${(on) => keeps({ times: !on })}
    />
    <${Check}
      label="Answers an update without the token"
      watch="Approve a change: it is applied once a look has shown what the stack made of it."
      on=${behaviour.updateAnswer === 'notice'}
      onSet=${(on) => keeps({ updateAnswer: on ? 'notice' : 'token' })}
    />
  </fieldset>`
}
