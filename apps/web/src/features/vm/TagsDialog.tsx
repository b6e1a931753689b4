/* oxlint-disable jsx-a11y/no-autofocus -- focus has to begin somewhere in a dialog */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { InputOf, Vm } from '@xendeck/contract'
import { Button, Checkbox, Dialog, TextField, useLabels } from '@xendeck/ui'
import { SubmitError, type SubmitState } from '../SubmitError.tsx'
import { useState, type FormEvent } from 'react'
import { commonTags, parseTags } from './tag-edit.ts'

interface Props extends SubmitState {
  vms: readonly Vm[]
  onClose: () => void
  onSubmit: (input: InputOf<'vm.tag'>) => void
}

/** Tags of one VM or many: what all have is ticked, what some have is half ticked; what is not touched stays. */
export function TagsDialog({ vms, onClose, onSubmit, isPending, error }: Props) {
  const { t } = useLingui()
  const labels = useLabels()
  // What was there when the dialog opened: live changes must not move the boxes under the pointer.
  const [{ all, some }] = useState(() => commonTags(vms))
  const [touched, setTouched] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [typed, setTyped] = useState('')
  const [first] = vms
  const add = [...parseTags(typed), ...[...touched].filter(([, on]) => on).map(([tag]) => tag)]
  const remove = [...touched].filter(([, on]) => !on).map(([tag]) => tag)
  const missing = add.length + remove.length === 0 ? t`Nothing is changed yet` : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!missing) onSubmit({ add, remove })
  }
  return (
    <Dialog
      isOpen
      isBusy={isPending}
      onClose={onClose}
      title={
        vms.length === 1 && first ? (
          <Trans>Tags of {first.name}</Trans>
        ) : (
          <Plural value={vms.length} one="Tags of # VM" other="Tags of # VMs" />
        )
      }
      footer={
        <>
          <Button onPress={onClose}>{labels.cancel}</Button>
          <Button
            type="submit"
            form="tags"
            variant="primary"
            isPending={isPending}
            disabledReason={missing}
          >
            <Trans>Save tags</Trans>
          </Button>
        </>
      }
    >
      <form id="tags" onSubmit={submit} className="space-y-4">
        {all.length + some.length > 0 && (
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {[...all, ...some].map((tag) => {
              const set = touched.get(tag)
              return (
                <Checkbox
                  key={tag}
                  isSelected={set ?? all.includes(tag)}
                  isIndeterminate={set === undefined && some.includes(tag)}
                  onChange={(on) => setTouched(new Map(touched).set(tag, on))}
                >
                  {tag}
                </Checkbox>
              )
            })}
          </div>
        )}
        <TextField
          label={t`Add tags`}
          description={t`Several are separated by commas.`}
          value={typed}
          onChange={setTyped}
          autoFocus
        />
        <SubmitError error={error} />
      </form>
    </Dialog>
  )
}
