/** Exit code 0 if a PostgreSQL server answers at the URL given. */
import { Client } from 'pg'

const client = new Client({ connectionString: process.argv[2], connectionTimeoutMillis: 3000 })
try {
  await client.connect()
  await client.query('select 1')
} catch {
  process.exitCode = 1
} finally {
  await client.end().catch(() => undefined)
}
