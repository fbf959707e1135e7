import type { ServerResponse } from 'node:http'
import { contentSecurityPolicy } from './static-files.ts'

export function replyText(response: ServerResponse, status: number, type: string, text: string) {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}

export function replyJson(response: ServerResponse, status: number, body: unknown) {
  replyText(response, status, 'application/json', JSON.stringify(body))
}
