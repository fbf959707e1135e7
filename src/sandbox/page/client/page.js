import { useCallback, useMemo, useState } from 'preact/hooks'
import { Acting } from './acting.js'
import { lostText, post } from './ask.js'
import { FirstSteps, nextPerson } from './first-steps.js'
import { html } from './html.js'
import { useLive } from './live.js'
import { useNarrow } from './narrow.js'
import { Part, PartTabs } from './parts.js'
import { PeopleRail } from './people-rail.js'
import { useRemembered } from './remembered.js'
import { StackPanel } from './stack.js'
import { useUnread } from './unread.js'
import { Workspace } from './workspace.js'

export function Page() {
  const [as, setAs] = useState(null)
  const { state, lost, refresh } = useLive(as)
  const [told, setTold] = useState([])
  const [places, setPlaces] = useState({})
  const [at, setAt] = useState(null)
  const [drafts, setDrafts] = useState({})
  const [part, setPart] = useState('slack')
  const [stepsClosed, setStepsClosed] = useRemembered('hint-closed', false)
  const narrow = useNarrow()
  const tell = useCallback((text) => setTold((all) => [...all.filter((one) => one !== text), text]), [])
  const ask = useMemo(() => asker(refresh, tell), [refresh, tell])
  const acting = useMemo(
    () =>
      state && {
        sight: state.sight,
        act: (what) => ask('/act', { as: state.sight.person.id, ...what }),
        tell,
        visit: go,
      },
    [state],
  )
  const person = state?.sight.person.id
  const place = places[person] ?? state?.sight.conversations.find(({ kind }) => kind === 'channel')?.id
  const unread = useUnread(state, place)

  if (!state) return html`<p class="starting" role="status">${lost ? lostText : 'Opening the workspace …'}</p>`

  function go({ who = person, to, at = null, draft }) {
    setAs(who)
    setAt(at)
    setPart('slack')
    if (who !== person) setTold([])
    if (to) setPlaces((all) => ({ ...all, [who]: to }))
    if (draft !== undefined) setDrafts((all) => ({ ...all, [`${who} ${to}`]: draft }))
  }
  const guided = state.firstSteps !== null && !stepsClosed
  const draftKey = `${person} ${place}`

  return html`<${Acting.Provider} value=${acting}>
    ${lost && html`<p class="lost" role="alert">${lostText}</p>`}
    ${guided && html`<${FirstSteps} state=${state} acting=${as ?? person} onGo=${go} onClose=${() => setStepsClosed(true)} />`}
    ${narrow && html`<${PartTabs} parts=${partsFor(state, as ?? person, unread)} chosen=${part} onChoose=${setPart} />`}
    <main class="page">
      <${Part} name="people" chosen=${part} narrow=${narrow}>
        <${PeopleRail} state=${state} chosen=${as ?? person} next=${guided ? nextPerson(state) : null} unread=${unread} onChoose=${(who) => go({ who })} />
      <//>
      <${Part} name="slack" chosen=${part} narrow=${narrow}>
        ${
          // Nothing can be pressed until the chosen person's own view is there: the press would be the previous person's.
          (as ?? person) === person
            ? html`<${Workspace}
                key=${person}
                place=${place}
                at=${at}
                unread=${unread}
                told=${told}
                connections=${state.slack.connections}
                draft=${drafts[draftKey] ?? ''}
                onDraft=${(draft) => setDrafts((all) => ({ ...all, [draftKey]: draft }))}
                onPlace=${(to) => go({ to })}
                onForget=${() => setTold([])}
              />`
            : html`<section class="workspace" aria-busy="true"></section>`
        }
      <//>
      <${Part} name="stack" chosen=${part} narrow=${narrow}>
        <${StackPanel} stack=${state.stack} slack=${state.slack} ask=${ask} foldable=${!narrow} />
      <//>
    </main>
  <//>`
}

function partsFor({ sight }, chosen, unread) {
  const name = sight.people.find(({ id }) => id === chosen)?.realName ?? chosen
  return [
    { name: 'people', label: `People: ${name.split(' ')[0]}` },
    { name: 'slack', label: 'Slack', count: unread(chosen) },
    { name: 'stack', label: 'Contentstack' },
  ]
}

/** Asks the server, tells the visitor if that was refused, and resolves once the page shows the outcome. */
function asker(refresh, tell) {
  return async (path, body) => {
    try {
      return { ok: true, ...(await post(path, body)) }
    } catch (error) {
      tell(error.message)
      return { ok: false }
    } finally {
      await refresh()
    }
  }
}
