/** Shown only when a page's code takes its time; it keeps the head's place. */
export function PagePending() {
  return <div aria-busy="true" className="min-h-0 flex-1" />
}
