import { Outlet } from '@tanstack/react-router'

export function Shell() {
  return (
    <main className="flex h-full flex-col">
      <Outlet />
    </main>
  )
}
