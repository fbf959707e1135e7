import { install } from 'undici'

/**
 * Bolt's socket client brings an HTTP client of its own, the one that Node has built in and a little newer: with it as
 * `fetch` and the rest, Node's own is never loaded. To be imported before all that looks for them as it is loaded.
 */
install()
