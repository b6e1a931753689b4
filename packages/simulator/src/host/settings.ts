/** Settings of hosts that are custom messages, and questions about hosts and the pool. */
import { XapiError } from '../rpc/errors.ts'
import type { Call, Handler } from '../rpc/registry.ts'
import { int, map, text } from '../vm/row.ts'

const HOSTNAME =
  /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/

/** @throws XapiError HOST_NAME_INVALID[reason] */
function setHostname({ pool }: Call, host: string, hostname: string): void {
  pool.db.must('host', host)
  if (hostname === '') throw new XapiError('HOST_NAME_INVALID', 'Hostname cannot be empty')
  if (!HOSTNAME.test(hostname))
    throw new XapiError('HOST_NAME_INVALID', 'Hostname contains invalid characters')
  pool.db.write('host', host, { hostname })
}

function setIqn({ pool }: Call, host: string, iscsi_iqn: string): void {
  const other_config = { ...map(pool.db.must('host', host), 'other_config'), iscsi_iqn }
  pool.db.write('host', host, { iscsi_iqn, other_config })
}

function setPowerOnMode(
  { pool }: Call,
  host: string,
  power_on_mode: string,
  power_on_config: Record<string, string>,
): void {
  pool.db.write('host', host, { power_on_mode, power_on_config })
}

/** @throws XapiError NOT_IMPLEMENTED where no host has TLS */
function certificateOf({ pool }: Call, host: string): string {
  pool.db.must('host', host)
  const { certificate } = pool.server(host)
  if (certificate === undefined)
    throw new XapiError('NOT_IMPLEMENTED', 'host.get_server_certificate without --tls')
  return certificate.cert
}

/** The weakest edition of the hosts, and when it ends. */
function licenseState({ pool }: Call, ref: string): Record<string, string> {
  pool.db.must('pool', ref)
  const master = pool.db.get('host', pool.coordinator())
  return {
    edition: master === undefined ? '' : text(master, 'edition'),
    expiry: (master && map(master, 'license_params')['expiry']) ?? 'never',
  }
}

function none({ pool }: Call, host: string): string[] {
  pool.db.must('host', host)
  return []
}

export const settingHandlers: Readonly<Record<string, Handler>> = {
  'host.set_hostname_live': setHostname,
  'host.set_iscsi_iqn': setIqn,
  'host.set_power_on_mode': setPowerOnMode,
  'host.get_server_certificate': certificateOf,
  'host.compute_memory_overhead': ({ pool }: Call, host: string) =>
    int(pool.db.must('host', host), 'memory_overhead'),
  // Balloon drivers of simulated guests always work.
  'host.get_uncooperative_resident_VMs': none,
  'host.get_uncooperative_domains': none,
  'pool.get_license_state': licenseState,
}
