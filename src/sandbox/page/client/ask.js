/** Asks this page's own server. Rejects with its sentence when it says no. */
export async function getState(as) {
  return answerOf(await fetch(`/state?as=${encodeURIComponent(as)}`))
}

export async function post(path, body) {
  const headers = { 'Content-Type': 'application/json' }
  return answerOf(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function answerOf(response) {
  const body = await response.json()
  if (!response.ok) throw new Error(body.error)
  return body
}
