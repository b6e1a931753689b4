/** The database cannot be used. The message is one sentence or two for the person who runs the console. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
