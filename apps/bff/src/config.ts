/** A pool given by configuration: it cannot be edited in the console. */
export interface ConfiguredPool {
  readonly address: string
  readonly username: string
  readonly password: string
  readonly label?: string | undefined
  /** SHA-256 of the certificate to pin, `AA:BB:…`. */
  readonly fingerprint?: string | undefined
}

export interface Config {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly adminPassword: string | undefined
  readonly databaseUrl: string | undefined
  readonly pools: readonly ConfiguredPool[]
  /** 32 bytes for AES-256-GCM; undefined: the key file in the data directory. */
  readonly key: Buffer | undefined
  /** Express's `trust proxy`. */
  readonly trustProxy: boolean | number | string
  /** Where browsers find the console, without a slash at the end; undefined: what the request says. */
  readonly publicUrl: URL | undefined
  /** Where it is mounted: `` or `/xendeck`. */
  readonly basePath: string
  readonly tls: { readonly certificate: string; readonly key: string } | undefined
  readonly logLevel: string
  /** The built web app. */
  readonly webDir: string
}
