import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { hostname } from 'node:os'
import type { Anchor, AnchorPlace } from '../ports/anchors.ts'
import { lineOf } from './line.ts'

const usualPort = 514

/** A syslog server over UDP, which confirms nothing: all that is known is that a line was sent. */
export function syslogAt(url: string): AnchorPlace {
  const { hostname: host, port } = new URL(url)
  return {
    name: 'syslog',
    keep: async (anchor) => {
      const { address, family } = await lookup(host.replace(/^\[|\]$/g, ''))
      const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
      try {
        const sent = Promise.withResolvers<void>()
        socket.once('error', sent.reject)
        const answered = (error: Error | null) => (error ? sent.reject(error) : sent.resolve())
        socket.send(messageOf(anchor), Number(port) || usualPort, address, answered)
        await sent.promise
      } finally {
        socket.close()
      }
    },
  }
}

/** Facility auth (4), severity informational (6). Source: RFC 5424, section 6. */
const priority = 4 * 8 + 6

/** Everything except the message itself has to be printable ASCII without spaces. */
function messageOf(anchor: Anchor): string {
  const host = hostname().replace(/[^\x21-\x7e]/g, '') || '-'
  return `<${priority}>1 ${anchor.at} ${host} countersign ${process.pid} anchor - ${lineOf(anchor)}`
}
