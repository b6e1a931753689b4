export interface CertificateFacts {
  /** SHA-256, `AA:BB:…`. */
  fingerprint: string
  subject: string
  issuer: string
  validFrom: string
  validTo: string
  /** A certificate authority that Node trusts vouches for it under this address. */
  trusted: boolean
  problem: string | null
}

export declare function probeCertificate(address: string): Promise<CertificateFacts | null>
