/** Where a pool's data comes from: a real database, the demo pool or a generated one. */
export { DatabaseFileError } from './dump-reader.ts'
export type { DumpSource } from './dump-reader.ts'
export { databaseDump, writeDatabase } from './dump-writer.ts'
export { populateDemo } from './demo-pool.ts'
export { populateGenerated } from './generated-pool.ts'
export type { GeneratedOptions } from './generated-pool.ts'
export { loadDatabase } from './load-database.ts'
export type { LoadedDatabase } from './load-database.ts'
