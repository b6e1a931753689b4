import { CertificateError, TransportError, XenApiError } from '@xendeck/xenapi'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ApiFailure, errorBody, toApiFailure } from './errors.ts'

describe('toApiFailure', () => {
  it.each<[string, unknown, string, number]>([
    ['our own failure', new ApiFailure('CONFLICT', 'x'), 'CONFLICT', 409],
    [
      'a XenAPI error',
      new XenApiError('VM_BAD_POWER_STATE', ['OpaqueRef:1', 'halted', 'running']),
      'VM_BAD_POWER_STATE',
      409,
    ],
    [
      'a missing object',
      new XenApiError('HANDLE_INVALID', ['VM', 'OpaqueRef:1']),
      'HANDLE_INVALID',
      404,
    ],
    [
      'a pool that does not answer',
      new TransportError('refused', 'ECONNREFUSED'),
      'POOL_UNREACHABLE',
      502,
    ],
    [
      'a certificate',
      new CertificateError({
        address: 'x:443',
        fingerprint: 'AA',
        expected: null,
        problem: 'SELF_SIGNED',
      }),
      'CERTIFICATE_UNTRUSTED',
      409,
    ],
    [
      'a body that is too large',
      Object.assign(new Error('too large'), { status: 413 }),
      'PAYLOAD_TOO_LARGE',
      413,
    ],
    [
      'a body that is no JSON',
      Object.assign(new Error('"hunter2'), { status: 400, type: 'entity.parse.failed' }),
      'BAD_REQUEST',
      400,
    ],
    ['anything else', new Error('hunter2'), 'INTERNAL', 500],
    ['what is no error', 'hunter2', 'INTERNAL', 500],
    ['nothing', undefined, 'INTERNAL', 500],
  ])('makes a reply of %s', (_what, thrown, code, status) => {
    const failure = toApiFailure(thrown)
    expect([failure.code, failure.status]).toEqual([code, status])
    const text = JSON.stringify(errorBody(failure, 'r1'))
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain('OpaqueRef')
  })

  it('never tells of the session of a pool', () => {
    const failure = toApiFailure(new XenApiError('SESSION_INVALID', ['OpaqueRef:secret']))
    expect(JSON.stringify(errorBody(failure, 'r1'))).not.toContain('secret')
  })

  it('names the fields that are wrong', () => {
    const schema = z.object({ a: z.string(), b: z.array(z.object({ c: z.number() })) })
    const { error } = schema.safeParse({ b: [{ c: 'x' }], __proto__: { d: 1 } })
    const failure = toApiFailure(error)
    expect(failure.code).toBe('INVALID_INPUT')
    expect(Object.keys(failure.fields ?? {})).toEqual(['a', 'b.0.c'])
  })
})
