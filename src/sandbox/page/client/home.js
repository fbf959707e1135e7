import { useContext, useMemo } from 'preact/hooks'
import { Acting } from './acting.js'
import { Blocks } from './blocks.js'
import { html } from './html.js'
import { pressOnly, Surface } from './surface.js'

export function Home({ home }) {
  const { act } = useContext(Acting)
  const surface = useMemo(() => pressOnly('home', home?.values ?? {}, act), [home, act])
  if (!home) return html`<p class="nothing" role="status">Waiting for the app to publish its Home …</p>`
  return html`<${Surface.Provider} value=${surface}>
    <div class="home" data-testid="home"><${Blocks} blocks=${home.blocks} /></div>
  <//>`
}
