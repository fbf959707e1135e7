import { useContext, useEffect, useState } from 'preact/hooks'
import { Acting } from './acting.js'
import { Surface } from './surface.js'
import { plain } from './text.js'

const pauseMs = 150

/**
 * The options a menu offers for what was typed: `{ groups: [{ label, options: [{ value, name, detail }] }], note }`. An
 * external menu asks the app; any other narrows down its own options.
 */
export function useOffered(block, element, open, typed) {
  const { sight } = useContext(Acting)
  const external = element.type.endsWith('external_select')
  const asked = useAsked(block, element, open && external, typed)
  if (external) return asked
  return { groups: narrowed(grouped(own(element, sight)), typed), note: 'Nothing matches' }
}

function useAsked(block, element, wanted, typed) {
  const { suggest } = useContext(Surface)
  const [answer, setAnswer] = useState({ groups: [], note: '' })
  const least = element.min_query_length ?? 3
  useEffect(() => {
    if (!wanted) return
    if (typed.length < least) return setAnswer({ groups: [], note: `Type ${least} or more letters to search` })
    let late = false
    setAnswer(({ groups }) => ({ groups, note: 'Looking …' }))
    const timer = setTimeout(async () => {
      const offered = await suggest(block, element, typed)
      if (!late) setAnswer({ groups: grouped(offered), note: 'Nothing matches' })
    }, pauseMs)
    return () => {
      late = true
      clearTimeout(timer)
    }
  }, [wanted, typed])
  return answer
}

function own(element, sight) {
  const named = (text) => ({ type: 'plain_text', text })
  if (element.type.endsWith('users_select'))
    return sight.people
      .filter(({ deleted }) => !deleted)
      .map(({ id, realName }) => ({ value: id, text: named(realName) }))
  if (/conversations_select|channels_select/.test(element.type))
    return sight.conversations
      .filter(({ kind }) => kind === 'channel')
      .map(({ id, name }) => ({ value: id, text: named(`#${name}`) }))
  return element.option_groups ?? element.options
}

function grouped(offered) {
  const groups = offered.length > 0 && offered[0].options ? offered : [{ options: offered }]
  return groups.map(({ label, options }) => ({
    label: plain(label),
    options: options.map(({ value, text, description }) => ({ value, name: plain(text), detail: plain(description) })),
  }))
}

function narrowed(groups, typed) {
  const wanted = typed.trim().toLowerCase()
  return groups
    .map((group) => ({ ...group, options: group.options.filter(({ name }) => name.toLowerCase().includes(wanted)) }))
    .filter(({ options }) => options.length > 0)
}
