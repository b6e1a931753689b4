/**
 * Writes THIRD-PARTY-NOTICES.md: what the product is shipped with, under which licence, with the texts.
 * `--check` only compares, for CI. Development tools are not shipped and not listed.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/processes.ts'

interface Package {
  name: string
  version: string
  licence: string
  text: string
}

/** Workspaces whose dependencies reach a user: not the tests', benchmarks' or tools'. */
const shipped = ['@xendeck/bff', '@xendeck/web', '@xendeck/simulator']

function folders(): string[] {
  const workspaces = shipped.flatMap((name) => ['--workspace', name])
  const output = execFileSync(
    'npm',
    ['ls', '--omit=dev', '--omit=optional', '--all', '--parseable', ...workspaces],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  return output
    .split('\n')
    .filter((line) => line.includes('/node_modules/') && !line.includes('/@xendeck/'))
}

function read(folder: string): Package {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name))
  return {
    name: manifest.name,
    version: manifest.version,
    licence: manifest.license ?? 'see text',
    text: file ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() : '',
  }
}

function render(packages: Package[]): string {
  const rows = packages.map((p) => `| ${p.name} | ${p.version} | ${p.licence} |`)
  const byText = new Map<string, string[]>()
  for (const { name, text } of packages)
    if (text) byText.set(text, [...(byText.get(text) ?? []), name])
  const texts = [...byText].map(
    ([text, names]) => `### ${names.join(', ')}\n\n\`\`\`text\n${text}\n\`\`\``,
  )
  return `# Third-party notices

XenDeck is shipped with these packages. The list is made by \`npm run notices\`.

The XenAPI data model (\`packages/xenapi/src/datamodel.json\`, and the types generated from it) is derived from
[xen-api](https://github.com/xapi-project/xen-api), LGPL-2.1 with its linking exception. The databases in
\`fixtures/dumps\` come from [xenadmin](https://github.com/xenserver/xenadmin), BSD-2-Clause. Notices of single
packages: \`packages/*/NOTICE\`.

| package | version | licence |
| --- | --- | --- |
${rows.join('\n')}

## Licence texts

${texts.join('\n\n')}
`
}

const packages = [...new Set(folders())]
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .map(read)
  .toSorted(
    (a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'),
  )
const target = join(root, 'THIRD-PARTY-NOTICES.md')
const text = render(packages)
if (!process.argv.includes('--check')) {
  writeFileSync(target, text)
  console.log(`${packages.length} packages`)
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('THIRD-PARTY-NOTICES.md is out of date: npm run notices')
  process.exitCode = 1
}
