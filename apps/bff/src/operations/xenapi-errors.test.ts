import { describe, expect, it } from 'vitest'
import { CertificateError, errorParameters, TransportError, XenApiError } from '@xendeck/xenapi'
import { ApiFailure } from '../http/errors.ts'
import { reasonOf, sentence, sentences, toPoolFailure, xenApiReason } from './xenapi-errors.ts'

describe('a XenAPI error', () => {
  it.each([
    [
      'VM_BAD_POWER_STATE',
      ['vm', 'halted, suspended', 'running'],
      'The VM is running; this needs it to be halted, suspended.',
    ],
    [
      'HOST_NOT_ENOUGH_FREE_MEMORY',
      [],
      'No host has enough free memory: ? bytes are needed, ? are free. Stop something or choose another host.',
    ],
    ['SR_BACKEND_FAILURE_73', ['', 'NFS mount error', ''], 'The storage reports: NFS mount error'],
    ['SOMETHING_NEW', ['a', 'b'], 'SOMETHING_NEW: a, b'],
    ['SOMETHING_NEW', [], 'SOMETHING_NEW'],
  ])('%s %j is said in a sentence', (code, params, expected) => {
    expect(sentence(code, params)).toBe(expected)
  })

  it('names objects, and shows no refs', () => {
    const reason = xenApiReason('VM_REQUIRES_SR', ['OpaqueRef:vm', 'OpaqueRef:sr'], (ref) =>
      ref === 'OpaqueRef:sr' ? 'Fast storage' : undefined,
    )
    expect(reason.params).toEqual(['', 'Fast storage'])
    expect(reason.message).toContain('Fast storage')
  })

  it('never tells a session', () => {
    const secret = 'OpaqueRef:the-session'
    for (const code of ['SESSION_INVALID', 'SESSION_NOT_REGISTERED']) {
      expect(JSON.stringify(reasonOf(new XenApiError(code, [secret])))).not.toContain('the-session')
    }
  })

  it.each([
    ['HANDLE_INVALID', 404],
    ['RBAC_PERMISSION_DENIED', 403],
    ['INTERNAL_ERROR', 502],
    ['TOO_MANY_PENDING_TASKS', 503],
    ['VM_BAD_POWER_STATE', 409],
  ])('%s is answered with %i', (code, status) => {
    expect(toPoolFailure(new XenApiError(code, []))).toMatchObject({ code, status })
  })

  it('is spelt as in the data model wherever it has a sentence of its own', () => {
    // xapi raises these without declaring them; SR_BACKEND_FAILURE_* come from the storage's drivers (PROTOCOL 5.2, 6.4).
    const undeclared = new Set(['REVERT_ONLY_ALLOWED_ON_SNAPSHOT', 'VM_IS_SNAPSHOT'])
    const known = new Set(Object.keys(errorParameters))
    const strange = Object.keys(sentences).filter(
      (code) =>
        !known.has(code) && !undeclared.has(code) && !code.startsWith('SR_BACKEND_FAILURE_'),
    )
    expect(strange).toEqual([])
  })
})

describe('a failed connection', () => {
  const details = { address: 'xen1:443', fingerprint: 'AA', problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' }

  it('says whether the certificate is new or another one', () => {
    expect(reasonOf(new CertificateError({ ...details, expected: null }))).toMatchObject({
      code: 'CERTIFICATE_UNTRUSTED',
      params: ['AA', details.problem],
    })
    expect(reasonOf(new CertificateError({ ...details, expected: 'BB' }))).toMatchObject({
      code: 'CERTIFICATE_CHANGED',
      params: ['AA', 'BB'],
    })
  })

  it('is unreachable, with a status that says so', () => {
    expect(toPoolFailure(new TransportError('timeout', 'no answer'))).toMatchObject({
      code: 'POOL_UNREACHABLE',
      status: 502,
    })
  })

  it('leaves our own failures as they are, and hides what is inside of others', () => {
    const own = new ApiFailure('NOT_FOUND', 'gone')
    expect(toPoolFailure(own)).toBe(own)
    const inner = new Error('password in here')
    expect(toPoolFailure(inner)).toBe(inner)
    expect(reasonOf(inner).message).not.toContain('password in here')
  })
})
