import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { callerAddress, trustOf } from './request.ts'

function requestFrom(remoteAddress: string, forwarded?: string): IncomingMessage {
  const request = new IncomingMessage(
    Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress }),
  )
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
  return request
}

describe('callerAddress', () => {
  it.each<[string, false | number | string[], string, string | undefined, string]>([
    ['believes nobody by default', false, '192.0.2.1', '198.51.100.1', '192.0.2.1'],
    ['believes one proxy', 1, '127.0.0.1', '203.0.113.5, 198.51.100.1', '198.51.100.1'],
    ['believes two proxies', 2, '127.0.0.1', '203.0.113.5, 198.51.100.1', '203.0.113.5'],
    [
      'believes the proxies that are named',
      ['10.0.0.0/8'],
      '10.1.1.1',
      '203.0.113.5, 10.2.2.2',
      '203.0.113.5',
    ],
    ['believes nobody else', ['10.0.0.0/8'], '192.0.2.1', '203.0.113.5', '192.0.2.1'],
    ['does without the header', 1, '127.0.0.1', undefined, '127.0.0.1'],
    ['stands an empty header', 1, '127.0.0.1', ' , ', '127.0.0.1'],
  ])('%s', (_what, trustProxy, remote, forwarded, expected) => {
    const app = express().set('trust proxy', trustProxy)
    expect(callerAddress(requestFrom(remote, forwarded), trustOf(app))).toBe(expected)
  })
})
