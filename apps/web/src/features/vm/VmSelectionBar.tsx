import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import { Button, Menu, SelectionBar, useMediaQuery } from '@xendeck/ui'
import { useSubject } from '../../api/session.ts'
import { actionLabel, vmActions } from './actions.ts'
import { useActionState } from './use-action-state.ts'
import type { VmActions } from './use-vm-actions.tsx'
import { useVmMenu } from './use-vm-menu.ts'

interface Props {
  selected: readonly Vm[]
  /** Of them, those that the filter hides. */
  hidden: number
  run: VmActions['run']
  onClear: () => void
}

/** At the foot of the list: what can be done with the selection, by those of it that can. */
export function VmSelectionBar({ selected, hidden, run, onClear }: Props) {
  const { t, i18n } = useLingui()
  const subject = useSubject()
  const stateOf = useActionState()
  // Where there is room for one button only, everything is behind it, in the same order.
  const isNarrow = useMediaQuery('(width < 1080px)')
  const more = useVmMenu(selected, run, (action) => isNarrow || action.place === 'more')
  const count = selected.length
  return (
    <SelectionBar
      label={t`Actions on the selection`}
      onClear={onClear}
      summary={
        count === 0 ? null : (
          <>
            <Plural value={count} one="# selected" other="# selected" />
            {hidden > 0 && (
              <span className="font-normal text-muted">
                {' '}
                <Plural value={hidden} one="(# not shown)" other="(# not shown)" />
              </span>
            )}
          </>
        )
      }
    >
      {vmActions
        .filter((action) => !isNarrow && action.place !== 'more')
        .map((action) => {
          const { disabledReason, note } = stateOf(action.operation, selected, subject)
          return (
            <Button
              key={action.operation}
              disabledReason={disabledReason}
              tooltip={note}
              onPress={() => run(action.operation, selected)}
            >
              {actionLabel(action, selected.length, i18n)}
            </Button>
          )
        })}
      <Menu label={t`More actions`} items={more} placement="top end">
        <Button>{isNarrow ? <Trans>Actions</Trans> : <Trans>More</Trans>}</Button>
      </Menu>
    </SelectionBar>
  )
}
