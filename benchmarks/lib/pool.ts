/** `pool.ts HOSTS VMS load|quiet`: a generated pool whose guests and hosts report now and then, or are silent. */
import { startSimulator } from '@xendeck/simulator'
import { poolAccount } from './product.ts'

const [hosts, vms, mood] = process.argv.slice(2)
const simulator = await startSimulator({
  data: { hosts: Number(hosts), vms: Number(vms), seed: 1 },
  password: poolAccount.password,
  load: mood === 'load',
})
console.log(simulator.url)
process.once('SIGTERM', () => {
  void simulator.close().then(() => process.exit(0))
})
