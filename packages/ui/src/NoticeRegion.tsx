import { IconButton } from './Button.tsx'
import { ToneIcon } from './Feedback.tsx'
import { CloseIcon } from './icons.tsx'
import { useLabels } from './labels.ts'
import { notices, useFloatingNotices, type Notice } from './notices.ts'

/** The corner in which notices float. It is always there, or screen readers would not hear the first one. */
export function NoticeRegion() {
  const labels = useLabels()
  const floating = useFloatingNotices()
  return (
    <section
      aria-label={labels.notices}
      aria-live="polite"
      aria-relevant="additions"
      className="pointer-events-none fixed right-4 bottom-[calc(16px+var(--foot-room,0px))] z-50 flex w-88 max-w-[calc(100vw-2rem)] flex-col gap-2"
    >
      {floating.slice(-4).map((notice) => (
        <div
          key={notice.id}
          className="pointer-events-auto animate-[ui-fade_120ms] rounded-lg bg-raised py-2.5 pr-2 pl-3 shadow-float"
        >
          <NoticeText notice={notice} onDismiss={() => notices.dismiss(notice.id)} />
        </div>
      ))}
    </section>
  )
}

export function NoticeText({ notice, onDismiss }: { notice: Notice; onDismiss?: () => void }) {
  const labels = useLabels()
  return (
    <div className="flex items-start gap-2">
      <ToneIcon tone={notice.tone} />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{notice.title}</p>
        {notice.detail && <div className="break-words text-secondary">{notice.detail}</div>}
        {notice.action && <div className="mt-1">{notice.action}</div>}
      </div>
      {onDismiss && (
        <IconButton size="small" label={labels.dismiss} icon={<CloseIcon />} onPress={onDismiss} />
      )}
    </div>
  )
}
