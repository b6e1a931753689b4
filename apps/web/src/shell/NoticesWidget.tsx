import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { BellIcon, Button, NoticeText, Popover, notices, useNotices } from '@xendeck/ui'
import { formatClock } from '../lib/clock.ts'
import { markNoticesRead, useShell } from './shell-store.ts'

/** Everything that was said since the page was opened, latest first. */
export function NoticesWidget() {
  const { t, i18n } = useLingui()
  const all = useNotices()
  const readAt = useShell((state) => state.noticesReadAt)
  const unread = all.filter(
    (notice) => notice.tone === 'bad' && notice.at.getTime() > readAt,
  ).length
  const trigger = (
    <Button
      variant="quiet"
      isTight
      label={
        unread > 0
          ? plural(unread, { one: 'Notices, # unread error', other: 'Notices, # unread errors' })
          : t`Notices`
      }
      onPress={markNoticesRead}
    >
      <BellIcon />
      {unread > 0 && (
        <span className="rounded-full bg-bad px-1.5 text-caption font-medium text-bad-on">
          {unread}
        </span>
      )}
    </Button>
  )
  return (
    <Popover trigger={trigger} label={t`Notices`} className="w-92">
      {all.length === 0 ? (
        <p className="p-4 text-muted">
          <Trans>Nothing to report.</Trans>
        </p>
      ) : (
        <>
          <ul className="max-h-96 divide-y divide-hairline overflow-y-auto px-3">
            {all.map((notice) => (
              <li key={notice.id} className="py-2">
                <NoticeText notice={notice} />
                <p className="pl-6 text-caption text-muted">
                  {formatClock(notice.at, i18n.locale)}
                </p>
              </li>
            ))}
          </ul>
          <div className="border-t border-hairline p-2">
            <Button variant="quiet" size="small" onPress={notices.clear}>
              <Trans>Clear all</Trans>
            </Button>
          </div>
        </>
      )}
    </Popover>
  )
}
