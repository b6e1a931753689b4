import { expect, test } from 'vitest'
import { call, login } from '../testing/client.ts'
import { startSimulator } from '../index.ts'

test('the log says who did what to which object, and what a role refused', async () => {
  const simulator = await startSimulator({
    timeScale: 0,
    data: { hosts: 1, vms: 3, seed: 1 },
    accounts: [{ name: 'eve', password: 'reads', role: 'read-only' }],
  })
  try {
    const { url, pool } = simulator
    const [root, eve] = [await login(url), await login(url, 'eve', 'reads')]
    const [vm, row] = [...pool.db.all('VM')].find(([, each]) => each['power_state'] === 'Halted')!
    const uuid = String(row['uuid'])
    pool.db.write('VM', vm, { name_label: "it's" })
    await call(url, 'VM.get_record', root, vm)
    await call(url, 'VM.clean_shutdown', root, vm)
    await call(url, 'VM.set_name_description', root, vm, 'secret words')
    await call(url, 'VM.start', eve, vm, false, false)
    const log = await (await fetch(`${url}/audit_log?session_id=${root}`)).text()
    const lines = log.trimEnd().split('\n')
    const about = `('trackid=[0-9a-f]{32}' `
    expect(lines).toHaveLength(3)
    for (const [index, words] of [
      `'LOCAL_SUPERUSER' '' 'ALLOWED' 'ERROR:[A-Z_]+' 'API' 'VM.clean_shutdown' (('vm' `,
      `'LOCAL_SUPERUSER' '' 'ALLOWED' 'OK' 'API' 'VM.set_name_description' (('self' `,
      `'eve' 'sid-eve' 'DENIED' 'ERROR:RBAC_PERMISSION_DENIED' 'API' 'VM.start' (('vm' `,
    ].entries()) {
      const pattern = `${about}${words}`.replaceAll('(', '\\(')
      expect(lines[index]).toMatch(
        new RegExp(`\\|audit\\] ${pattern}'it\\\\'s' '${uuid}' '${vm}'\\)`),
      )
    }
    expect(log).not.toContain('secret words')
    const later = await fetch(`${url}/audit_log?session_id=${root}&since=20990101T00:00:00Z`)
    expect(await later.text()).toBe('')
  } finally {
    await simulator.close()
  }
})
