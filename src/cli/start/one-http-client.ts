import { install } from 'undici'

/**
 * Bolt's socket client brings its own HTTP client, a slightly newer version of the one built into Node: installed as
 * `fetch` and the rest, it keeps Node's own from ever being loaded. Import this before everything that looks for them
 * while loading.
 */
install()
