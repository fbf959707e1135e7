import htm from 'htm'
import { h } from 'preact'

/** JSX-like markup without a build step. Text always stays text: nothing on the page is set as HTML. */
export const html = htm.bind(h)
