import { certificateProbeInput, type CertificateProbe } from '@xendeck/contract'
import { probeCertificate } from '@xendeck/xenapi'
import type { Routes } from '../http/routes.ts'
import { toPoolFailure } from '../operations/xenapi-errors.ts'

/** `POST /certificate-probes`: shows a server's certificate to a person, before anything is sent to that server. */
export function registerPoolRoutes(routes: Routes): void {
  routes.post('/certificate-probes', 'connection.manage', async ({ request, response }) => {
    const { address } = certificateProbeInput.parse(request.body)
    try {
      const probe: CertificateProbe = { address, certificate: await probeCertificate(address) }
      response.json(probe)
    } catch (error) {
      throw toPoolFailure(error)
    }
  })
}
