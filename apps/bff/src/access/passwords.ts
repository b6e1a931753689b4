import { randomBytes, randomInt, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

/** scrypt's cost: memory is 128 · N · r bytes. */
export interface PasswordCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** OWASP's password storage advice for 32 MiB: 2^15, 8, 3. */
export const defaultCost: PasswordCost = { N: 2 ** 15, r: 8, p: 3 }

const hashLength = 32
const saltLength = 16

/** `scrypt$N$r$p$salt$hash`: carries its own cost, so that the default can rise while old hashes stay valid. */
export async function hashPassword(password: string, cost: PasswordCost): Promise<string> {
  const salt = randomBytes(saltLength)
  const hash = await derive(password, salt, cost)
  const { N, r, p } = cost
  return ['scrypt', N, r, p, salt.toString('base64'), hash.toString('base64')].join('$')
}

/** Whether `stored` is the hash of `password`; takes as long for a wrong one. */
export async function isPasswordRight(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, hash] = stored.split('$')
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) {
    throw new Error('a stored password hash is not in the form scrypt$N$r$p$salt$hash')
  }
  const expected = Buffer.from(hash, 'base64')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const actual = await derive(password, Buffer.from(salt, 'base64'), cost)
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

/** 100 bits, in letters and digits that cannot be mistaken for each other when read from a screen. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}

function derive(password: string, salt: Buffer, { N, r, p }: PasswordCost): Promise<Buffer> {
  // What is typed on two keyboards as the same text must be the same password (NIST SP 800-63B 5.1.1.2).
  const text = password.normalize('NFKC')
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r }
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  scrypt(text, salt, hashLength, options, (error, key) => (error ? reject(error) : resolve(key)))
  return promise
}
