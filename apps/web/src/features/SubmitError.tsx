export interface SubmitState {
  /** Sent, and not yet answered. */
  isPending: boolean
  /** Why the last try was not accepted, in words; what was typed stays. */
  error: string | null
}

export const notSubmitted: SubmitState = { isPending: false, error: null }

export function SubmitError({ error }: { error: string | null }) {
  if (!error) return null
  return (
    <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
      {error}
    </p>
  )
}
