import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { Transport } from './transport.ts'

it('gives up a reply that trickles, though it is never silent', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/xml' })
    const timer = setInterval(() => response.write(' '), 10)
    response.once('close', () => clearInterval(timer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const transport = new Transport(
    { secure: false, host: '127.0.0.1', port },
    { fingerprints: [], slowAfter: 0.1 },
  )
  const call = transport.call('VM.get_all', 'OpaqueRef:s', [], { timeout: 10_000 })
  await expect(call).rejects.toMatchObject({ name: 'TransportError', reason: 'timeout' })
  transport.close()
  server.closeAllConnections()
  server.close()
})
