// Longer than most files: it is one document, told in the order in which it is read.
import {
  apiErrorBody,
  certificateProbeInput,
  closeCodes,
  collections,
  consoleTicketInput,
  errorCodes,
  kinds,
  operationNames,
  operations,
  passwordChangeInput,
  permissions,
  resources,
  rolePermissions,
  signInInput,
  type Kind,
  type OperationName,
  type OperationSpec,
} from '@xendeck/contract'
import * as z from 'zod'
import type { Config } from '../config.ts'
import { version } from '../version.ts'
import { operationRoute } from './operation-route.ts'

type Json = { [key: string]: unknown }

/** The API as OpenAPI 3.1, made of the same declarations that the routes are made of. */
export function openApiDocument({ basePath }: Pick<Config, 'basePath'>): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'XenDeck',
      version,
      summary: 'Web console for XenAPI pools',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${basePath}/api/v1` }],
    security: [{ session: [] }],
    tags: [
      'session',
      'inventory',
      'feed',
      'connection',
      ...kinds.filter((kind) => kind !== 'connection'),
    ].map((name) => ({ name })),
    paths: merge(
      sessionPaths(),
      inventoryPaths(),
      ...kinds.map(kindPaths),
      ...operationNames.map(operationPaths),
      otherPaths(),
    ),
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'xendeck_session',
          description:
            'Set by POST /session. Named __Host-xendeck_session over https at the root path.',
        },
      },
      parameters: {
        csrf: {
          name: 'X-CSRF-Token',
          in: 'header',
          required: true,
          description: 'csrfToken of GET /session.',
          schema: { type: 'string' },
        },
        id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      },
      responses: { Error: json('Not a success; `code` says which one.', ref('Error')) },
      schemas: schemas(),
    },
  }
}

const description = [
  'JSON over HTTP, and WebSockets for the feed and for consoles.',
  'Every reply that is not a success has the body `Error`. Its `code` is one of those listed there, or a XenAPI error code.',
  'State comes from GET /inventory and then from the feed; an operation answers 200 when it is done or 202 with the id of the task that does it.',
  `Roles: ${Object.entries(rolePermissions)
    .map(([role, granted]) => `${role} (${granted.join(', ')})`)
    .join('; ')}.`,
].join('\n\n')

function schemas(): Json {
  const named: Json = {
    Error: {
      ...schemaOf(apiErrorBody),
      description: `Codes of the console, with their HTTP status: ${Object.entries(errorCodes)
        .map(([code, status]) => `${code} ${status}`)
        .join(', ')}.`,
    },
    Session: {
      type: 'object',
      required: ['user', 'permissions', 'mustChangePassword', 'csrfToken', 'expiresAt', 'version'],
      properties: {
        user: {
          type: 'object',
          required: ['id', 'name', 'role'],
          properties: {
            id: { type: 'string' },
            name: { type: 'string' },
            role: { enum: Object.keys(rolePermissions) },
          },
        },
        permissions: { type: 'array', items: { enum: [...permissions] } },
        mustChangePassword: { type: 'boolean' },
        csrfToken: { type: 'string' },
        expiresAt: { type: 'string', format: 'date-time' },
        version: { type: 'string' },
      },
    },
    OperationReply: {
      type: 'object',
      properties: {
        taskId: {
          type: 'string',
          description: 'The task that does the work: follow it on the feed.',
        },
        createdId: { type: 'string', description: 'The id of what was made.' },
      },
    },
    BatchResult: {
      type: 'object',
      required: ['id', 'ok'],
      properties: {
        id: { type: 'string' },
        ok: { type: 'boolean' },
        taskId: { type: 'string' },
        error: {
          type: 'object',
          required: ['code', 'message', 'params'],
          properties: {
            code: { type: 'string' },
            message: { type: 'string' },
            params: { type: 'array', items: { type: 'string' } },
            refusal: { type: 'object' },
          },
        },
      },
    },
    ByKind: {
      type: 'object',
      properties: Object.fromEntries(
        kinds.map((kind) => [kind, { type: 'array', items: ref(schemaName(kind)) }]),
      ),
    },
    Inventory: {
      type: 'object',
      required: ['revision', 'resources'],
      properties: { revision: { type: 'string' }, resources: ref('ByKind') },
    },
    FeedMessage: feedMessage,
  }
  for (const kind of kinds) named[schemaName(kind)] = schemaOf(resources[kind])
  return named
}

const feedMessage: Json = {
  oneOf: [
    {
      title: 'hello',
      type: 'object',
      required: ['hello'],
      properties: {
        hello: {
          type: 'object',
          required: ['revision', 'now'],
          properties: {
            revision: { type: 'string' },
            now: { type: 'string', format: 'date-time' },
          },
        },
      },
    },
    {
      title: 'reset',
      description: 'The revision is of another run or too old: fetch the inventory again.',
      type: 'object',
      required: ['reset'],
      properties: { reset: { const: true } },
    },
    {
      title: 'change',
      type: 'object',
      required: ['revision'],
      properties: {
        revision: { type: 'string' },
        put: { $ref: '#/components/schemas/ByKind' },
        remove: {
          type: 'object',
          additionalProperties: { type: 'array', items: { type: 'string' } },
        },
      },
    },
    {
      title: 'signedOut',
      type: 'object',
      required: ['signedOut'],
      properties: { signedOut: { const: true } },
    },
  ],
}

function sessionPaths(): Json {
  const session = json('The session.', ref('Session'))
  return {
    '/session': {
      post: {
        operationId: 'session.signIn',
        tags: ['session'],
        summary: 'Sign in.',
        security: [],
        requestBody: body(signInInput),
        responses: { 200: session, default: error },
      },
      get: {
        operationId: 'session.get',
        tags: ['session'],
        summary: 'Who am I and what may I do?',
        responses: { 200: session, default: error },
      },
      delete: {
        operationId: 'session.signOut',
        tags: ['session'],
        summary: 'Sign out.',
        parameters: [csrf],
        responses: { 204: { description: 'Signed out.' }, default: error },
      },
    },
    '/session/password': {
      post: {
        operationId: 'session.changePassword',
        tags: ['session'],
        summary:
          'Change the password. The other sessions of the account end; this one goes on with a new token.',
        parameters: [csrf],
        requestBody: body(passwordChangeInput),
        responses: { 200: session, default: error },
      },
    },
  }
}

const kindsParameter: Json = {
  name: 'kinds',
  in: 'query',
  description: `Comma-separated: ${kinds.join(', ')}.`,
  schema: { type: 'string' },
}

function inventoryPaths(): Json {
  const codes = Object.entries(closeCodes).map(([name, code]) => `${code} ${name}`)
  return {
    '/inventory': {
      get: {
        operationId: 'inventory.get',
        tags: ['inventory'],
        summary: 'Everything the caller may see, by kind, at one revision.',
        'x-permission': 'inventory.read',
        parameters: [kindsParameter],
        responses: {
          200: json('The inventory.', ref('Inventory')),
          304: { description: 'Unchanged since the ETag of If-None-Match.' },
          default: error,
        },
      },
    },
    '/feed': {
      get: {
        operationId: 'feed.open',
        tags: ['feed'],
        summary: 'WebSocket: what changed since a revision, then live.',
        description: `Each message is a \`FeedMessage\`. The client sends nothing. Close codes: ${codes.join(', ')}.`,
        'x-permission': 'inventory.read',
        parameters: [
          {
            name: 'revision',
            in: 'query',
            description: 'Of the inventory or of the last message.',
            schema: { type: 'string' },
          },
          kindsParameter,
        ],
        responses: {
          101: {
            description: 'The socket is open.',
            content: { 'application/json': { schema: ref('FeedMessage') } },
          },
          default: error,
        },
      },
    },
  }
}

function kindPaths(kind: Kind): Json {
  const schema = ref(schemaName(kind))
  return {
    [`/${collections[kind]}`]: {
      get: {
        operationId: `${kind}.list`,
        tags: [kind],
        summary: `All of the kind ${kind} that the caller may see.`,
        'x-permission': 'inventory.read',
        responses: { 200: json('The list.', { type: 'array', items: schema }), default: error },
      },
    },
    [`/${collections[kind]}/{id}`]: {
      get: {
        operationId: `${kind}.get`,
        tags: [kind],
        summary: `One ${kind}.`,
        'x-permission': 'inventory.read',
        parameters: [idParameter],
        responses: { 200: json('It.', schema), default: error },
      },
    },
  }
}

function operationPaths(name: OperationName): Json {
  const spec: OperationSpec = operations[name]
  const notes = [
    spec.bulk ? 'Can be done to many with POST /batch.' : '',
    spec.dangerous ? 'Loses something that cannot be had back.' : '',
  ]
  return {
    [operationRoute(name).replace(':id', '{id}')]: {
      post: {
        operationId: name,
        tags: [spec.kind],
        summary: spec.summary,
        ...(notes.some(Boolean) && { description: notes.filter(Boolean).join(' ') }),
        'x-permission': spec.permission,
        parameters: spec.creates ? [csrf] : [csrf, idParameter],
        requestBody: body(spec.input),
        responses: {
          200: json('Done.', ref('OperationReply')),
          202: json('A task does it.', ref('OperationReply')),
          default: error,
        },
      },
    },
  }
}

function otherPaths(): Json {
  const bulk = operationNames.filter((name) => (operations[name] as OperationSpec).bulk)
  return {
    '/batch': {
      post: {
        operationId: 'batch',
        tags: ['inventory'],
        summary: 'One operation on up to 1,000 targets, and a result for each.',
        description:
          'One that fails stops no other. What was ordered is carried out even where the caller goes away.',
        parameters: [csrf],
        requestBody: content({
          type: 'object',
          required: ['operation', 'targets'],
          properties: {
            operation: { enum: bulk },
            targets: { type: 'array', minItems: 1, maxItems: 1000, items: { type: 'string' } },
            input: { type: 'object', description: 'As of the operation.' },
          },
        }),
        responses: {
          200: json('In the order of the targets; each target once.', {
            type: 'object',
            required: ['results'],
            properties: { results: { type: 'array', items: ref('BatchResult') } },
          }),
          default: error,
        },
      },
    },
    '/certificate-probes': {
      post: {
        operationId: 'certificate.probe',
        tags: ['connection'],
        summary: 'Show the certificate of a server, before anything is sent to it.',
        'x-permission': 'connection.manage',
        parameters: [csrf],
        requestBody: body(certificateProbeInput),
        responses: {
          200: json('`certificate` is null for plain http.', {
            type: 'object',
            required: ['address', 'certificate'],
            properties: {
              address: { type: 'string' },
              certificate: { type: ['object', 'null'] },
            },
          }),
          default: error,
        },
      },
    },
    '/load': {
      get: {
        operationId: 'load.get',
        tags: ['inventory'],
        summary:
          'CPU use of VMs or hosts over the last 10 minutes, for those of which something is known.',
        'x-permission': 'inventory.read',
        parameters: [
          { name: 'kind', in: 'query', required: true, schema: { enum: ['vm', 'host'] } },
          {
            name: 'ids',
            in: 'query',
            required: true,
            description: 'Separated by commas, at most 200.',
            schema: { type: 'string' },
          },
        ],
        responses: {
          200: json('Values from 0 to 1, `step` seconds apart, oldest first, null in gaps.', {
            type: 'object',
            required: ['step', 'series'],
            properties: {
              step: { type: 'number' },
              series: {
                type: 'object',
                additionalProperties: {
                  type: 'object',
                  required: ['end', 'cpu'],
                  properties: {
                    end: { type: 'string', format: 'date-time' },
                    cpu: { type: 'array', items: { type: ['number', 'null'] } },
                  },
                },
              },
            },
          }),
          default: error,
        },
      },
    },
    '/vms/{id}/console-tickets': {
      post: {
        operationId: 'console.ticket',
        tags: ['vm'],
        summary: 'A ticket for one console socket: single use, soon expired.',
        'x-permission': 'vm.console',
        parameters: [csrf, idParameter],
        requestBody: body(consoleTicketInput),
        responses: {
          201: json('Goes into GET /console/{ticket}.', {
            type: 'object',
            required: ['ticket', 'expiresAt'],
            properties: {
              ticket: { type: 'string' },
              expiresAt: { type: 'string', format: 'date-time' },
            },
          }),
          default: error,
        },
      },
    },
    '/console/{ticket}': {
      get: {
        operationId: 'console.open',
        tags: ['vm'],
        summary: 'WebSocket (sub-protocol `binary`): the bytes of the console, both ways.',
        'x-permission': 'vm.console',
        parameters: [{ name: 'ticket', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 101: { description: 'The socket is open.' }, default: error },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'openapi',
        tags: ['session'],
        summary: 'This document.',
        responses: { 200: { description: 'OpenAPI 3.1.' }, default: error },
      },
    },
  }
}

const error: Json = { $ref: '#/components/responses/Error' }
const csrf: Json = { $ref: '#/components/parameters/csrf' }
const idParameter: Json = { $ref: '#/components/parameters/id' }

function schemaName(kind: Kind): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}

function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` }
}

function json(text: string, schema: Json): Json {
  return { description: text, content: { 'application/json': { schema } } }
}

function content(schema: Json): Json {
  return { required: true, content: { 'application/json': { schema } } }
}

function body(schema: z.core.$ZodType): Json {
  return content(schemaOf(schema, 'input'))
}

function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output' = 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}

/** Paths of all parts; a path that several have gets the methods of all. */
function merge(...parts: Json[]): Json {
  const paths: { [path: string]: Json } = {}
  for (const part of parts) {
    for (const [path, methods] of Object.entries(part)) {
      paths[path] = { ...paths[path], ...(methods as Json) }
    }
  }
  return paths
}
