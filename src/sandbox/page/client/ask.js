export const lostText =
  'The demo does not answer. If it was stopped, start it again with “npm run demo”, and this page will continue.'

/**
 * Asks this page's own server, as the first person if `as` is null. Rejects with the server's sentence if it says no.
 */
export async function getState(as) {
  return answerOf(await reach(as === null ? '/state' : `/state?as=${encodeURIComponent(as)}`))
}

export async function post(path, body) {
  const headers = { 'Content-Type': 'application/json' }
  return answerOf(await reach(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function reach(path, options) {
  try {
    return await fetch(path, options)
  } catch {
    throw new Error(lostText)
  }
}

async function answerOf(response) {
  const body = await response.json()
  const no = response.ok ? body.refused : body.error
  if (no) throw new Error(no)
  return body
}
