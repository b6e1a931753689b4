/** The BFF as a library: for the launcher and for tests. */
export { loadConfig, ConfigError, type Config, type ConfiguredPool } from './config.ts'
export { createLogger } from './logger.ts'
export { ListenError, startBff, type Replacements, type RunningBff } from './start.ts'
export { StoreError } from './store/store-error.ts'
