/** The Node that the project runs on: the one that came with `npm ci`, or a newer one of the machine. */
export function requireNode(): void {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 24) return
  console.error(
    `XenDeck needs Node 24 or later and found ${process.versions.node}. ` +
      'On Linux it comes with the dependencies: run `npm ci`, then start with `npm start`. Elsewhere, install it from nodejs.org.',
  )
  process.exit(2)
}
