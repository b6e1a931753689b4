import { readFileSync } from 'node:fs'

type Row = Readonly<Record<string, string>>

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** An attribute of a dump: XML entities, then xapi's own coding of white space (PROTOCOL 12). */
function decode(text: string): string {
  return text
    .replace(/&(#x?)?(\w+);/g, (whole, numeric: string | undefined, name: string) =>
      numeric
        ? String.fromCodePoint(parseInt(name, numeric === '#x' ? 16 : 10))
        : (entities[name] ?? whole),
    )
    .replace(/%([._ntr%])/g, (_, code: string) =>
      code === '.' ? ' ' : code === '_' ? '  ' : code === '%' ? '%' : ' ',
    )
}

/** A xapi database dump, read a second time and in another way than by the simulator, to compare with. */
export class Dump {
  readonly #text: string

  constructor(file: string | URL) {
    this.#text = readFileSync(file, 'utf8')
  }

  rows(table: string): Row[] {
    const body = new RegExp(`<table name="${table}">(.*?)</table>`, 's').exec(this.#text)?.[1] ?? ''
    return [...body.matchAll(/<row\s([^>]*?)\/>/gs)].map(([, attributes = '']) =>
      Object.fromEntries(
        [...attributes.matchAll(/([\w]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
          name,
          decode(value),
        ]),
      ),
    )
  }

  /** Rows of the VM table are VMs, templates, snapshots and the hosts' own control domains. */
  vms(): Row[] {
    return this.rows('VM').filter(
      (row) =>
        row.is_a_template !== 'true' &&
        row.is_a_snapshot !== 'true' &&
        row.is_control_domain !== 'true',
    )
  }

  templates(): Row[] {
    return this.rows('VM').filter(
      (row) => row.is_a_template === 'true' && row.is_a_snapshot !== 'true',
    )
  }

  snapshotsOf(vm: Row): Row[] {
    return this.rows('VM').filter(
      (row) => row.is_a_snapshot === 'true' && row.snapshot_of === vm.ref,
    )
  }
}

export const namesOf = (rows: readonly Row[]): string[] => rows.map((row) => row.name__label ?? '')
