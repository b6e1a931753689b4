import { expect, test } from 'vitest'
import { forTerminal } from './log-lines.ts'

test('everyday lines stay in the file, warnings are told in a sentence', () => {
  expect(forTerminal('{"level":"info","msg":"request"}')).toBeUndefined()
  expect(forTerminal('{"level":"warn","msg":"pool lost","err":{"message":"ECONNRESET"}}')).toBe(
    'warning: pool lost: ECONNRESET',
  )
  expect(forTerminal('{"level":"error","msg":"boom","label":"Lab"}')).toBe('error: Lab: boom')
})

test('what is no log line passes', () => {
  expect(forTerminal('Sign in at http://127.0.0.1:8080/')).toBe('Sign in at http://127.0.0.1:8080/')
  expect(forTerminal('{broken')).toBe('{broken')
})
