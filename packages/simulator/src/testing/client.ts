/** A small XenAPI client for tests, of the independent `xmlrpc` package's XML. */
import { createRequire } from 'node:module'

interface Serializer {
  serializeMethodCall(method: string, params: unknown[]): string
}

interface Deserializer {
  deserializeMethodResponse(
    stream: NodeJS.ReadableStream,
    callback: (error: Error | null, value: unknown) => void,
  ): void
}

const require = createRequire(import.meta.url)
const serializer: Serializer = require('xmlrpc/lib/serializer')
const DeserializerClass: new () => Deserializer = require('xmlrpc/lib/deserializer')

export type Reply = { [key: string]: Reply } & Reply[] & string

export async function raw(url: string, method: string, params: unknown[]): Promise<string> {
  const body = serializer.serializeMethodCall(method, params)
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/xml' },
  })
  return await response.text()
}

export async function parse(text: string): Promise<Reply> {
  const { Readable } = await import('node:stream')
  return await new Promise((resolve, reject) => {
    new DeserializerClass().deserializeMethodResponse(Readable.from([text]), (error, value) => {
      if (error) reject(error)
      else resolve(value as Reply)
    })
  })
}

/** @returns the value, or the words of the failure */
export async function call(url: string, method: string, ...params: unknown[]): Promise<Reply> {
  const reply = await parse(await raw(url, method, params))
  return reply['Status'] === 'Failure' ? reply['ErrorDescription']! : reply['Value']!
}

export async function login(
  url: string,
  user = 'root',
  password = 'secret',
  originator = 'test',
): Promise<string> {
  return String(await call(url, 'session.login_with_password', user, password, '1.0', originator))
}

/** Milliseconds that are waited for more after a whole reply. */
const AFTER_REPLY = 10

function isWhole(reply: Buffer): boolean {
  const end = reply.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)/i.exec(reply.subarray(0, Math.max(0, end)).toString())
  return length !== null && reply.length >= end + 4 + Number(length[1])
}

/**
 * Sends bytes and reads until the server closes or falls silent.
 * @param quiet milliseconds of silence after the last bytes
 * @param first milliseconds for the first ones
 */
export async function exchange(
  port: number,
  bytes: Buffer | string,
  quiet = 300,
  first = 5000,
): Promise<string> {
  const { connect } = await import('node:net')
  return await new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const finish = () => {
      socket.destroy()
      resolve(Buffer.concat(parts).toString())
    }
    let timer = setTimeout(finish, first)
    socket.on('data', (chunk: Buffer) => {
      parts.push(chunk)
      clearTimeout(timer)
      timer = setTimeout(finish, isWhole(Buffer.concat(parts)) ? AFTER_REPLY : quiet)
    })
    socket.on('error', (error) => {
      clearTimeout(timer)
      if (parts.length > 0) finish()
      else reject(error)
    })
    socket.on('close', () => {
      clearTimeout(timer)
      finish()
    })
  })
}
