import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useLocation } from '@tanstack/react-router'
import type { Vm } from '@xendeck/contract'
import { Button, InlineEdit, Menu, tabLook } from '@xendeck/ui'
import { operate } from '../../api/client.ts'
import { errorText } from '../../api/errors.ts'
import { useSubject } from '../../api/session.ts'
import { PageHeader } from '../../shell/PageHeader.tsx'
import { HostLink } from '../links.tsx'
import { Elapsed } from '../Since.tsx'
import { vmActions } from './actions.ts'
import { useActionState } from './use-action-state.ts'
import type { VmActions } from './use-vm-actions.tsx'
import { useRefusal } from './use-refusal.ts'
import { useVmMenu } from './use-vm-menu.ts'
import { VmStateLabel } from './VmStateLabel.tsx'

/** What this VM is, how it fares, what can be done with it, and its tabs. */
export function VmHead({ vm, run }: { vm: Vm; run: VmActions['run'] }) {
  const { t, i18n } = useLingui()
  const subject = useSubject()
  const stateOf = useActionState()
  const more = useVmMenu([vm], run, (action) => action.place !== 'head')
  const all = useVmMenu([vm], run)
  const refusal = useRefusal()
  return (
    <PageHeader
      documentTitle={vm.name}
      title={
        <InlineEdit
          label={t`Name`}
          value={vm.name}
          isRequired
          maxLength={255}
          errorText={errorText}
          disabledReason={refusal('vm.rename', vm)}
          onSave={async (name) => {
            await operate('vm.rename', vm.id, { name })
          }}
        />
      }
      state={<VmStateLabel vm={vm} />}
      meta={<Where vm={vm} />}
      actions={
        <>
          {vmActions
            .filter((action) => action.place === 'head')
            .map((action) => (
              <span key={action.operation} className="contents narrow:hidden">
                <Button
                  className="narrow:hidden"
                  variant={
                    action.operation === 'vm.start' && vm.powerState === 'halted'
                      ? 'primary'
                      : 'default'
                  }
                  disabledReason={stateOf(action.operation, [vm], subject).disabledReason}
                  onPress={() => run(action.operation, [vm])}
                >
                  {i18n._(action.label)}
                </Button>
              </span>
            ))}
          <Menu label={t`More actions`} items={more} placement="bottom end">
            <Button className="narrow:hidden">
              <Trans>More</Trans>
            </Button>
          </Menu>
          <Menu label={t`Actions`} items={all} placement="bottom end">
            <Button className="wide:hidden">
              <Trans>Actions</Trans>
            </Button>
          </Menu>
        </>
      }
    >
      <VmTabs vm={vm} />
    </PageHeader>
  )
}

function Where({ vm }: { vm: Vm }) {
  if (vm.hostId === null) return null
  return (
    <span className="inline-flex flex-wrap gap-x-3">
      <span>
        <Trans>
          on <HostLink id={vm.hostId} />
        </Trans>
      </span>
      {vm.startedAt && vm.powerState === 'running' && (
        <span className="narrow:hidden">
          <Trans>
            up <Elapsed since={vm.startedAt} />
          </Trans>
        </span>
      )}
    </span>
  )
}

function VmTabs({ vm }: { vm: Vm }) {
  const { t } = useLingui()
  const path = useLocation({ select: (location) => location.pathname })
  const tab = path.endsWith('/console')
    ? 'console'
    : path.endsWith('/snapshots')
      ? 'snapshots'
      : 'overview'
  const params = { vmId: vm.id }
  const snapshots = vm.snapshotIds.length
  return (
    <nav
      aria-label={t`Parts of this VM`}
      className="-mx-5 mt-1 flex gap-5 overflow-x-auto border-b border-hairline px-5 narrow:-mx-4 narrow:px-4"
    >
      <Link
        to="/vms/$vmId"
        params={params}
        activeOptions={{ exact: true }}
        className={tabLook(tab === 'overview')}
      >
        <Trans>Overview</Trans>
      </Link>
      <Link to="/vms/$vmId/console" params={params} className={tabLook(tab === 'console')}>
        <Trans>Console</Trans>
      </Link>
      <Link to="/vms/$vmId/snapshots" params={params} className={tabLook(tab === 'snapshots')}>
        <Trans>Snapshots</Trans>
        {snapshots > 0 && <span className="font-normal text-muted">{snapshots}</span>}
      </Link>
    </nav>
  )
}
