import * as z from 'zod/mini'

/** Our own error codes; any other code is XenAPI's (generated list in packages/xenapi). */
export const errorCodes = {
  BAD_REQUEST: 400,
  INVALID_INPUT: 400,
  SIGN_IN_REQUIRED: 401,
  SIGN_IN_FAILED: 401,
  PASSWORD_CHANGE_REQUIRED: 403,
  FORBIDDEN: 403,
  ORIGIN_REFUSED: 403,
  CSRF_REFUSED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  OPERATION_REFUSED: 409,
  POOL_ALREADY_REGISTERED: 409,
  CERTIFICATE_UNTRUSTED: 409,
  CERTIFICATE_CHANGED: 409,
  PAYLOAD_TOO_LARGE: 413,
  TOO_MANY_ATTEMPTS: 429,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  POOL_UNREACHABLE: 502,
  POOL_ERROR: 502,
  POOL_DISCONNECTED: 503,
  SHUTTING_DOWN: 503,
} as const satisfies Record<string, number>
export type ErrorCode = keyof typeof errorCodes

/** The body of every reply that is not a success. `message` is English and says what to do next; screens translate by `code`. */
export const apiErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    params: z.array(z.string()),
    requestId: z.string(),
    /** Which input was wrong: path → what is wrong with it. */
    fields: z.optional(z.record(z.string(), z.string())),
    /** Of OPERATION_REFUSED: why, in the form that `can` gives. */
    refusal: z.optional(z.object({ code: z.string(), params: z.record(z.string(), z.string()) })),
  }),
})
export type ApiErrorBody = z.infer<typeof apiErrorBody>
export type ApiError = ApiErrorBody['error']
