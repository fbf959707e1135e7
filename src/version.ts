import packageJson from '../package.json' with { type: 'json' }

export const { version } = packageJson
/** The oldest Node that runs it, as `24`. */
export const oldestNode = Number(/\d+/.exec(packageJson.engines.node)?.[0])
