/** The mark takes the accent, so that it follows when that is replaced. */
export function Brand() {
  return (
    <span className="inline-flex items-center gap-2 text-heading font-semibold">
      <span aria-hidden="true" className="size-3.5 rounded-sm bg-accent" />
      XenDeck
    </span>
  )
}
