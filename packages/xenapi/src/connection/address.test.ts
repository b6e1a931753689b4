import { describe, expect, it } from 'vitest'
import { parseDate } from '../dates.ts'
import { formatEndpoint, parseAddress } from './address.ts'
import { Backoff } from './backoff.ts'

describe('parseAddress', () => {
  it.each([
    ['xen.example', true, 'xen.example', 443],
    ['10.0.0.1:8443', true, '10.0.0.1', 8443],
    ['https://xen.example/', true, 'xen.example', 443],
    ['http://xen.example', false, 'xen.example', 80],
    ['http://[fe80::1]:8080', false, 'fe80::1', 8080],
    ['https://xen.example:80', true, 'xen.example', 80],
    ['fe80::1', true, 'fe80::1', 443],
    ['[fe80::1]', true, 'fe80::1', 443],
    [' HTTPS://Xen.Example ', true, 'xen.example', 443],
  ])('%s', (text, secure, host, port) => {
    expect(parseAddress(text)).toEqual({ secure, host, port })
  })

  it('takes scheme and port of the host that named the address', () => {
    const like = { secure: false, host: 'a', port: 8081 }
    expect(parseAddress('10.0.0.2', like)).toEqual({ ...like, host: '10.0.0.2' })
    expect(parseAddress('fe80::2', like)).toEqual({ ...like, host: 'fe80::2' })
    expect(parseAddress('https://b', like)).toEqual({ secure: true, host: 'b', port: 443 })
    expect(parseAddress('http://b', like)).toEqual({ secure: false, host: 'b', port: 80 })
  })

  it.each(['', 'https://', 'a b', 'host:port'])('refuses "%s"', (text) => {
    expect(() => parseAddress(text)).toThrow(TypeError)
  })

  it('is written back', () => {
    expect(formatEndpoint(parseAddress('fe80::1'))).toBe('[fe80::1]')
    expect(formatEndpoint(parseAddress('http://a:81'))).toBe('a:81')
  })
})

describe('parseDate', () => {
  it.each([
    ['20261122T22:08:29Z', '2026-11-22T22:08:29.000Z'],
    ['20261122T22:08:29', '2026-11-22T22:08:29.000Z'],
    ['2026-11-22T22:08:29+0100', '2026-11-22T21:08:29.000Z'],
    ['19700101T00:00:00Z', undefined],
    ['', undefined],
    ['20261322T22:08:29Z', undefined],
  ])('%s', (text, iso) => {
    expect(parseDate(text)?.toISOString()).toBe(iso)
  })
})

describe('Backoff', () => {
  it('doubles up to 30 s and starts again', () => {
    const backoff = new Backoff(() => 1)
    const waits = Array.from({ length: 7 }, () => backoff.next())
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    backoff.reset()
    expect(backoff.next()).toBe(1000)
    expect(new Backoff(() => 0).next()).toBe(500)
  })
})
