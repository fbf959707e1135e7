import type { ServerResponse } from 'node:http'

const gatherMs = 30

/** Tells every open page that something changed (server-sent events). Each page then asks what. */
export function createLiveEvents() {
  const pages = new Set<ServerResponse>()
  let timer: NodeJS.Timeout | undefined

  return { follow, changed, end }

  function follow(response: ServerResponse) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write('data: changed\n\n')
    pages.add(response)
    response.on('close', () => pages.delete(response))
  }

  /** Changes come in bursts, so those of one moment are reported as one. */
  function changed() {
    timer ??= setTimeout(() => {
      timer = undefined
      for (const page of pages) page.write('data: changed\n\n')
    }, gatherMs)
  }

  function end() {
    clearTimeout(timer)
    for (const page of pages) page.end()
  }
}
