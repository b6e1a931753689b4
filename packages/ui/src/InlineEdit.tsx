import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { classNames } from './class-names.ts'
import { PencilIcon } from './icons.tsx'
import { useLabels } from './labels.ts'
import { Spinner } from './Progress.tsx'

interface InlineEditProps {
  value: string
  /** What is edited: "Name". */
  label: string
  /** Rejects with what went wrong; the field then stays open with what was typed. */
  onSave: (value: string) => Promise<void>
  /** Turns what onSave rejected with into a sentence. */
  errorText: (error: unknown) => string
  isMultiline?: boolean
  isRequired?: boolean
  maxLength?: number
  /** Shown where the value is empty. */
  placeholder?: string
  /** Why it cannot be edited: it is then plain text. */
  disabledReason?: string | null
  className?: string
}

/** Click, edit, Enter. Escape puts back what was there; leaving the field saves it, like a form that needs no button. */
export function InlineEdit(props: InlineEditProps) {
  const { value, label, placeholder, disabledReason, className } = props
  const [isEditing, setEditing] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const returnsFocus = useRef(false)
  useEffect(() => {
    if (isEditing || !returnsFocus.current) return
    returnsFocus.current = false
    opener.current?.focus()
  }, [isEditing])

  if (isEditing) {
    return (
      <Editor
        {...props}
        onClose={(byKey) => {
          returnsFocus.current = byKey
          setEditing(false)
        }}
      />
    )
  }
  const text =
    value === '' ? <span className="font-normal text-muted">{placeholder ?? '–'}</span> : value
  if (disabledReason) {
    return (
      <span title={disabledReason} className={className}>
        {text}
      </span>
    )
  }
  return (
    <button
      ref={opener}
      type="button"
      aria-label={`${label}: ${value}`}
      onClick={() => setEditing(true)}
      className={classNames(
        'group relative -mx-1.5 inline-flex max-w-[calc(100%+12px)] min-w-0 items-center gap-1.5 rounded-sm px-1.5 text-left hover:bg-hover',
        className,
      )}
    >
      <span className={props.isMultiline ? 'break-words whitespace-pre-line' : 'truncate'}>
        {text}
      </span>
      {/* In the gap beside it, so that nothing keeps a place for it. */}
      <PencilIcon className="absolute top-1/2 left-full -ml-1 size-3.5 -translate-y-1/2 text-muted opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100" />
    </button>
  )
}

function Editor({
  value,
  label,
  onSave,
  errorText,
  isMultiline = false,
  isRequired = false,
  maxLength,
  className,
  onClose,
}: InlineEditProps & { onClose: (byKey: boolean) => void }) {
  const labels = useLabels()
  const [typed, setTyped] = useState(value)
  const [original] = useState(value)
  /** Somebody else has changed it since it was opened. */
  const isOvertaken = value !== original && value !== typed
  const [error, setError] = useState<string | null>(null)
  const [isSaving, setSaving] = useState(false)
  const isClosing = useRef(false)

  const save = async (byKey: boolean) => {
    if (isSaving || isClosing.current) return
    const next = isMultiline ? typed : typed.trim()
    if (next === value || (isRequired && next === '')) {
      isClosing.current = true
      onClose(byKey)
      return
    }
    setSaving(true)
    setError(null)
    try {
      await onSave(next)
      isClosing.current = true
      onClose(byKey)
    } catch (cause) {
      setError(errorText(cause))
    } finally {
      setSaving(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      isClosing.current = true
      onClose(true)
    } else if (event.key === 'Enter' && (!isMultiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void save(true)
    }
  }
  const control = {
    'aria-label': label,
    'aria-invalid': error !== null,
    autoFocus: true,
    value: typed,
    maxLength,
    readOnly: isSaving,
    onKeyDown,
    // With an error it waits for the person: what was typed must not get lost, nor what somebody else has saved.
    onBlur: () => void (error === null && !isOvertaken && save(false)),
    className: classNames(
      '-mx-1.5 -my-0.5 w-full min-w-0 rounded-sm border border-accent bg-surface px-[5px] py-px outline-none',
      className,
    ),
  }
  return (
    <span className="inline-block max-w-full min-w-48">
      <span className="relative flex items-center">
        {isMultiline ? (
          <textarea {...control} rows={3} onChange={(event) => setTyped(event.target.value)} />
        ) : (
          <input
            {...control}
            size={Math.max(16, typed.length)}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
        {isSaving && <Spinner className="absolute right-1 text-muted" />}
      </span>
      {error && (
        <span role="alert" className="block text-caption font-normal text-bad">
          {error}
        </span>
      )}
      {isOvertaken && !isSaving && (
        <output className="block text-caption font-normal text-warn">
          {labels.changedMeanwhile(value)}
        </output>
      )}
    </span>
  )
}
