/** What a guest agent calls its system, short enough for a column: `Debian GNU/Linux 12 (bookworm)` → `Debian 12`. */
export function shortOsName(name: string): string {
  const short = name
    .replace(/\s*\([^)]*\)/gu, '')
    .replace(/^Microsoft\s+/u, '')
    .replace(/\s+(GNU\/Linux|LTS)\b/gu, '')
    .replace(/\s+(Standard|Datacenter|Enterprise|Professional)(\s+Edition)?\b/u, '')
    // No desktop Windows is named by a year.
    .replace(/^Windows Server (?=\d{4}\b)/u, 'Windows ')
    // Of a long-term release the point release changes with every update.
    .replace(/^(Ubuntu \d+\.\d+)\.\d+/u, '$1')
    // Windows agents append the system's path: `…|C:\\Windows|\\Device\\…`.
    .replace(/\|.*$/u, '')
    .trim()
  return short || name
}
