/** VM records made from the data model, and their replies as xapi writes them. */
import { dataModel } from '@xendeck/xenapi/datamodel'

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json }

/** A small deterministic generator of numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function uuidFrom(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const OPERATIONS =
  'changing_dynamic_range migrate_send pool_migrate changing_VCPUs_live suspend hard_reboot hard_shutdown clean_reboot clean_shutdown pause checkpoint snapshot'.split(
    ' ',
  )

const PLATFORM = {
  timeoffset: '0',
  viridian: 'true',
  acpi: '1',
  apic: 'true',
  pae: 'true',
  nx: 'true',
  videoram: '8',
  hpet: 'true',
  vga: 'std',
  'device-model': 'qemu-upstream-compat',
  device_id: '0002',
  'cores-per-socket': '2',
}

const RECOMMENDATIONS =
  '<restrictions><restriction field="memory-static-max" max="1649267441664"/><restriction field="vcpus-max" max="64"/><restriction property="number-of-vbds" max="255"/><restriction property="number-of-vifs" max="7"/><restriction field="has-vendor-device" value="false"/></restrictions>'

function overridesOf(index: number, random: () => number): Record<string, Json> {
  const ref = (): string => `OpaqueRef:${uuidFrom(random)}`
  return {
    name_label: index % 10 === 0 ? `Büro ${index} 数据库` : `app-server-${index}`,
    name_description: 'Runs the <shop> & its database',
    power_state: index % 3 === 0 ? 'Halted' : 'Running',
    allowed_operations: OPERATIONS,
    memory_static_max: 4_294_967_296 * (1 + (index % 8)),
    memory_dynamic_max: 4_294_967_296,
    VIFs: [ref(), ref()],
    VBDs: [ref(), ref(), ref()],
    consoles: [ref()],
    platform: PLATFORM,
    recommendations: RECOMMENDATIONS,
    other_config: {
      auto_poweron: 'true',
      base_template_name: 'Debian Bookworm 12',
      import_task: ref(),
      'install-methods': 'cdrom,nfs,http,ftp',
      mac_seed: uuidFrom(random),
      linux_template: 'true',
    },
    bios_strings: {
      'bios-vendor': 'Xen',
      'bios-version': '',
      'system-manufacturer': 'Xen',
      'system-product-name': 'HVM domU',
      'hp-rombios': '',
    },
    xenstore_data: { 'vm-data': '', 'vm-data/mmio-hole-size': '268435456' },
    tags: ['production', `rack-${index % 20}`],
    last_boot_CPU_flags: {
      vendor: 'GenuineIntel',
      features: '1fcbfbff-f7fa3223-2d93fbff-00000423',
    },
    snapshot_time: '19700101T00:00:00Z',
  }
}

function valueOf(type: string, random: () => number): Json {
  if (type.startsWith('set(')) return []
  if (type.startsWith('map(')) return {}
  if (type.startsWith('ref ')) {
    return random() < 0.6 ? 'OpaqueRef:NULL' : `OpaqueRef:${uuidFrom(random)}`
  }
  switch (type) {
    case 'int':
      return Math.floor(random() * 64)
    case 'float':
      return 1
    case 'bool':
      return random() < 0.5
    case 'datetime':
      return '20260821T10:15:00Z'
    default:
      return type.startsWith('enum ') ? (dataModel.enums[type.slice(5)]?.[0] ?? '') : ''
  }
}

/** `count` VMs by ref, as JSON-RPC would give them. */
export function generateVms(count: number): Record<string, Record<string, Json>> {
  const random = randomFrom(1)
  const model = dataModel.classes.find((cls) => cls.name === 'VM')
  const fields = model?.fields.filter((field) => field.internal_only !== true) ?? []
  const vms: Record<string, Record<string, Json>> = {}
  for (let index = 0; index < count; index++) {
    const overrides = overridesOf(index, random)
    const record: Record<string, Json> = {}
    for (const { name, type } of fields) {
      record[name] = name === 'uuid' ? uuidFrom(random) : (overrides[name] ?? valueOf(type, random))
    }
    vms[`OpaqueRef:${uuidFrom(random)}`] = record
  }
  return vms
}

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
}

function xmlOf(value: Json, isFloat: boolean): string {
  if (typeof value === 'boolean') return `<value><boolean>${value ? 1 : 0}</boolean></value>`
  if (typeof value === 'number') {
    // Ints are untyped, floats are not (PROTOCOL section 1.3).
    return isFloat ? `<value><double>${value}</double></value>` : `<value>${value}</value>`
  }
  if (typeof value === 'string') {
    return /^\d{8}T[\d:]{8}Z$/.test(value)
      ? `<value><dateTime.iso8601>${value}</dateTime.iso8601></value>`
      : `<value>${value.replaceAll(/[<>&"]/g, (found) => ENTITIES[found] ?? found)}</value>`
  }
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => xmlOf(item, false)).join('')
    return `<value><array><data>${items}</data></array></value>`
  }
  const members = Object.entries(value).map(
    ([name, member]) =>
      `<member><name>${name}</name>${xmlOf(member, name === 'HVM_shadow_multiplier')}</member>`,
  )
  return `<value><struct>${members.join('')}</struct></value>`
}

/** The reply of VM.get_all_records as xapi writes it. */
export function replyOf(value: Json): Buffer {
  return Buffer.from(
    '<?xml version="1.0"?><methodResponse><params><param>' +
      xmlOf({ Status: 'Success', Value: value }, false) +
      '</param></params></methodResponse>',
  )
}
