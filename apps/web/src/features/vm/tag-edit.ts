/** Tags that all VMs of a selection have, and those that only some have. */
export function commonTags(vms: readonly { tags: readonly string[] }[]): {
  all: string[]
  some: string[]
} {
  const counts = new Map<string, number>()
  for (const vm of vms) for (const tag of vm.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  const entries = [...counts].toSorted(([a], [b]) => a.localeCompare(b))
  return {
    all: entries.filter(([, count]) => count === vms.length).map(([tag]) => tag),
    some: entries.filter(([, count]) => count < vms.length).map(([tag]) => tag),
  }
}

/** `web, prod  db` → the tags in it, each once. Commas separate; a tag may have spaces inside. */
export function parseTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ]
}
