/** The path that XenDeck is mounted at, with a slash at the end: `/` or `/xendeck/`. */
export const mountPath = new URL(document.baseURI).pathname

/** `vms/1/start` → the absolute URL of the API. */
export function apiUrl(path: string): URL {
  return new URL(`api/v1/${path}`, document.baseURI)
}

export function socketUrl(path: string): URL {
  const url = apiUrl(path)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url
}
