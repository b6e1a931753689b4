import { expect, test } from 'vitest'
import { commonTags, parseTags } from './tag-edit.ts'

test('tags of all and of some', () => {
  expect(commonTags([{ tags: ['web', 'prod'] }, { tags: ['prod', 'db'] }])).toEqual({
    all: ['prod'],
    some: ['db', 'web'],
  })
  expect(commonTags([])).toEqual({ all: [], some: [] })
})

test('typed tags', () => {
  expect(parseTags(' web, blue green,,web ')).toEqual(['web', 'blue green'])
})
