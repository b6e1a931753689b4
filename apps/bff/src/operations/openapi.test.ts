import { describe, expect, it } from 'vitest'
import { kinds, operationNames, operations, type OperationSpec } from '@xendeck/contract'
import { isObject, TestBff } from '../../test/bff.ts'
import { openApiDocument } from './openapi.ts'

type Json = Record<string, unknown>

const methods = ['get', 'post', 'put', 'delete']

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), value)
}

function object(value: unknown): Json {
  if (isObject(value)) return value
  throw new Error(`expected an object, not ${String(value)}`)
}

/** All objects in `value`, itself too. */
function* objects(value: unknown): Generator<Json> {
  if (!isObject(value)) return
  yield value
  for (const part of Object.values(value)) yield* objects(part)
}

describe('the API document', () => {
  const document: Json = JSON.parse(JSON.stringify(openApiDocument({ basePath: '/deck' })))
  const paths = Object.entries(object(document['paths']))
  const actions = paths.flatMap(([path, item]) =>
    Object.entries(object(item)).map(([method, action]) => ({
      path,
      method,
      action: object(action),
    })),
  )

  it('is OpenAPI 3.1 with its server below the base path', () => {
    expect(document['openapi']).toMatch(/^3\.1\./)
    expect(at(document, 'info', 'title')).toBe('XenDeck')
    expect(at(document, 'info', 'version')).toMatch(/^\d+\.\d+\.\d+/)
    expect(at(document, 'servers', '0', 'url')).toBe('/deck/api/v1')
  })

  it('has actions that are whole', () => {
    const ids = new Set<unknown>()
    const tags = new Set((document['tags'] as Json[]).map((tag) => tag['name']))
    for (const { path, method, action } of actions) {
      const where = `${method} ${path}`
      expect(methods).toContain(method)
      expect([where, typeof action['summary']]).toEqual([where, 'string'])
      expect([where, ids.has(action['operationId'])]).toEqual([where, false])
      ids.add(action['operationId'])
      for (const tag of action['tags'] as string[]) expect(tags).toContain(tag)
      const responses = object(action['responses'])
      expect([where, 'default' in responses]).toEqual([where, true])
      const statuses = Object.keys(responses).filter((status) => status !== 'default')
      expect([where, statuses.length > 0]).toEqual([where, true])
    }
  })

  it('declares every parameter of a path', () => {
    for (const { path, action } of actions) {
      const declared = ((action['parameters'] ?? []) as Json[])
        .map((parameter) => resolve(document, parameter))
        .filter((parameter) => parameter['in'] === 'path')
        .map((parameter) => parameter['name'])
      const used = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect([path, declared]).toEqual([path, used])
    }
  })

  it('refers to nothing that is not there', () => {
    let count = 0
    for (const part of objects(document)) {
      if (typeof part['$ref'] !== 'string') continue
      expect([part['$ref'], isObject(resolve(document, part))]).toEqual([part['$ref'], true])
      count += 1
    }
    expect(count).toBeGreaterThan(100)
  })

  it('has every operation with its input, and every kind', () => {
    for (const name of operationNames) {
      const spec: OperationSpec = operations[name]
      const found = actions.find(({ action }) => action['operationId'] === name)?.action
      expect(found).toMatchObject({ summary: spec.summary, 'x-permission': spec.permission })
      expect(at(found, 'requestBody', 'content', 'application/json', 'schema')).toMatchObject({
        type: 'object',
      })
    }
    for (const kind of kinds) {
      const name = kind.charAt(0).toUpperCase() + kind.slice(1)
      expect(at(document, 'components', 'schemas', name)).toMatchObject({
        type: 'object',
        required: expect.arrayContaining(['id']),
      })
    }
    const rename = actions.find(({ action }) => action['operationId'] === 'vm.rename')
    expect(
      at(
        rename?.action,
        'requestBody',
        'content',
        'application/json',
        'schema',
        'properties',
        'name',
      ),
    ).toMatchObject({ type: 'string', minLength: 1, maxLength: 255 })
  })

  it('describes exactly what is answered', async () => {
    const test = await TestBff.start()
    try {
      const { routes, sockets } = test.bff.declared
      const answered = [
        ...routes.map(({ method, path }) => `${method.toLowerCase()} ${path}`),
        ...sockets.map(({ path }) => `get ${path.replace('/api/v1', '')}`),
      ].map((route) => route.replaceAll(/:(\w+)/g, '{$1}'))
      const described = actions.map(({ method, path }) => `${method} ${path}`)
      expect(described.toSorted()).toEqual(answered.toSorted())
      const admin = await test.administrator()
      const reply = await admin.request('GET', '/api/v1/openapi.json')
      expect(at(reply.json, 'paths')).toEqual(document['paths'])
    } finally {
      await test.close()
    }
  })
})

function resolve(document: Json, part: Json): Json {
  const { $ref } = part
  return typeof $ref === 'string' ? object(at(document, ...$ref.slice(2).split('/'))) : part
}
