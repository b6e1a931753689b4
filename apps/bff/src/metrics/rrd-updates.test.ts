import { describe, expect, test } from 'vitest'
import { parseRrdUpdates } from './rrd-updates.ts'
import { CAPACITY, Series } from './series.ts'

const uuid = '11111111-2222-3333-4444-555555555555'

describe('rrd_updates', () => {
  test('reads numbers that are strings, as xapi sends them since 23.31', () => {
    const text = `{"meta":{"start":"10","step":"5","end":"20","rows":"2","columns":"2","legend":["AVERAGE:vm:${uuid}:cpu0","AVERAGE:host:${uuid}:memory_total_kib"]},"data":[{"t":"20","values":["0.25","NaN"]},{"t":"15","values":["0.5","7"]}]}`
    const { step, columns, rows } = parseRrdUpdates(text)
    expect(step).toBe(5)
    expect(columns[0]).toEqual({ owner: 'vm', uuid, source: 'cpu0' })
    expect(rows).toEqual([
      { time: 20, values: [0.25, Number.NaN] },
      { time: 15, values: [0.5, 7] },
    ])
  })

  test('reads bare numbers with NaN and Infinity among them, as older ones do', () => {
    const text = `{"meta":{"step":5,"legend":["AVERAGE:vm:${uuid}:cpu0","x"]},"data":[{"t":20,"values":[NaN, -Infinity]}]}`
    const { columns, rows } = parseRrdUpdates(text)
    expect(columns[1]).toBeUndefined()
    expect(rows[0]?.values).toEqual([Number.NaN, Number.NaN])
  })

  test.each([
    '',
    '<xport/>',
    '{}',
    '{"meta":{"step":5,"legend":{}},"data":[]}',
    '{"meta":{"legend":[]},"data":[1]}',
  ])('refuses %j', (text) => {
    expect(() => parseRrdUpdates(text)).toThrow(TypeError)
  })
})

describe('a series', () => {
  test('keeps the newest samples, with gaps', () => {
    const series = new Series(5)
    series.set(1000, 0.1)
    series.set(1015, 0.4)
    expect(series.read()).toEqual([0.1, null, null, 0.4])
    series.set(1005, 0.2)
    expect(series.read()).toEqual([0.1, 0.2, null, 0.4])
    expect(series.end).toBe(1015)
  })

  test('forgets what is older than ten minutes', () => {
    const series = new Series(5)
    for (let i = 0; i < CAPACITY + 10; i++) series.set(i * 5, i / 1000)
    const values = series.read()
    expect(values).toHaveLength(CAPACITY)
    expect(values[0]).toBe(0.01)
    series.set(10_000, 1)
    expect(series.read()).toEqual([1])
    series.set(0, 1)
    expect(series.read()).toEqual([1])
  })
})
