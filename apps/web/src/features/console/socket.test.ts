import { expect, test } from 'vitest'
import { consoleUrl } from './socket.ts'

test('the relay is beside the page', () => {
  expect(consoleUrl('a/b', 'https://panel.example/xen/')).toBe(
    'wss://panel.example/xen/api/v1/console/a%2Fb',
  )
  expect(consoleUrl('t', 'http://127.0.0.1:8080/')).toBe('ws://127.0.0.1:8080/api/v1/console/t')
})
