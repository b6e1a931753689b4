import type { ReactNode } from 'react'

/** A component's name and its states in a row. */
export function Sample({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className="space-y-2">
      <h2 className="text-caption font-semibold text-muted">{name}</h2>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </section>
  )
}
