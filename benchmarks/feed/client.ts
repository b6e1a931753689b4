/** `client.ts ours|xen-api ADDRESS`: connects, waits until it knows every object, and follows events until it is ended. */
import { createRequire } from 'node:module'
import { XenConnection } from '@xendeck/xenapi'
import { poolAccount } from '../lib/product.ts'

/** The package has no types. */
interface XenApi {
  connect(): Promise<void>
  readonly objectsFetched: Promise<void>
  readonly objects: { readonly all: Readonly<Record<string, { readonly $type?: string }>> }
}
interface XenApiModule {
  createClient(options: object): XenApi
}

const [which, address = ''] = process.argv.slice(2)
const start = performance.now()
let vms: number
if (which === 'ours') {
  const connection = new XenConnection({ address, ...poolAccount })
  connection.start()
  await connection.ready()
  vms = connection.store.size('VM')
} else {
  const path = createRequire(import.meta.url).resolve('xen-api')
  const { createClient } = (await import(path)) as XenApiModule
  const client = createClient({
    url: address,
    auth: { user: poolAccount.username, password: poolAccount.password },
    allowUnauthorized: true,
    readOnly: true,
  })
  await client.connect()
  await client.objectsFetched
  vms = Object.values(client.objects.all).filter(({ $type }) => $type === 'VM').length
}
console.log(JSON.stringify({ vms, ready: performance.now() - start }))
setInterval(() => {}, 1000)
