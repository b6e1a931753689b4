import { noInput, operation, refuse } from './define.ts'

export const taskOperations = {
  'task.cancel': operation({
    kind: 'task',
    summary: 'Ask the pool to cancel it.',
    permission: 'task.cancel',
    bulk: true,
    input: noInput,
    can: (task) => {
      if (task.status !== 'pending') return refuse('finished')
      return task.cancellable ? null : refuse('notCancellable')
    },
  }),
} as const
