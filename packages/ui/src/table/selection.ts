/** `selection` with `id` in or out of it. */
export function withToggled(selection: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selection)
  if (!next.delete(id)) next.add(id)
  return next
}

/**
 * `selection` with everything from the anchor to `to` made what the anchor is, as shift-click does. Without a known
 * anchor only `to` is added.
 */
export function withRange(
  selection: ReadonlySet<string>,
  ids: readonly string[],
  anchorId: string | null,
  to: number,
): ReadonlySet<string> {
  const next = new Set(selection)
  const anchor = anchorId === null ? -1 : ids.indexOf(anchorId)
  if (anchor < 0 || anchorId === null) {
    const id = ids[to]
    if (id !== undefined) next.add(id)
    return next
  }
  const isAdding = selection.has(anchorId)
  for (const id of ids.slice(Math.min(anchor, to), Math.max(anchor, to) + 1)) {
    if (isAdding) next.add(id)
    else next.delete(id)
  }
  return next
}

/** All shown rows in, or, where they all are in already, out; others stay as they are. */
export function withAll(
  selection: ReadonlySet<string>,
  ids: readonly string[],
): ReadonlySet<string> {
  const next = new Set(selection)
  const isFull = ids.every((id) => selection.has(id))
  for (const id of ids) {
    if (isFull) next.delete(id)
    else next.add(id)
  }
  return next
}
