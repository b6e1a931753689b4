import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,apps,scripts,benchmarks}/**/*.test.ts'],
    environment: 'node',
    // The machines that run this are small and shared: leave room for the servers under test.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
