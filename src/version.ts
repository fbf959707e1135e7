import packageJson from '../package.json' with { type: 'json' }

export const { version } = packageJson
/** The oldest Node that runs it, for example `24`. */
export const oldestNode = Number(/\d+/.exec(packageJson.engines.node)?.[0])
