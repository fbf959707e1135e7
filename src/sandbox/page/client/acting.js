import { createContext } from 'preact'

/**
 * Who acts and how: `{ sight, act, tell, visit }`. `act(what)` does it on the server, tells the visitor if it was
 * refused, and resolves to `{ ok, answer }` once the page shows the outcome. `visit({ to, at })` shows a conversation,
 * at a message.
 */
export const Acting = createContext(null)
