import { render } from 'preact'
import { html } from './html.js'
import { Page } from './page.js'

render(html`<${Page} />`, document.getElementById('page'))
