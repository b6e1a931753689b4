/** Writes `src/generated`; run by `npm run generate`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dataModel } from '../datamodel.ts'
import { generate } from './generate.ts'

const folder = new URL('../generated/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, text] of generate(dataModel)) writeFileSync(new URL(name, folder), text)
