import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { CloseIcon } from './icons.tsx'
import { useLabels } from './labels.ts'

export function Tag({ children, onRemove }: { children: string; onRemove?: () => void }) {
  const labels = useLabels()
  return (
    <span
      title={children}
      className={classNames(
        'inline-flex h-5 max-w-48 min-w-8 items-center rounded-sm border border-line text-caption text-secondary',
        onRemove ? 'pl-1.5' : 'px-1.5',
      )}
    >
      <span className="truncate">{children}</span>
      {onRemove && (
        <button
          type="button"
          aria-label={labels.remove(children)}
          onClick={onRemove}
          className="grid size-5 shrink-0 place-items-center rounded-sm text-muted hover:bg-hover hover:text-primary"
        >
          <CloseIcon className="size-3" />
        </button>
      )}
    </span>
  )
}

const shownTags = 2

/** Tags on one line: two, and how many more; all of them are in the title. */
export function TagList({ tags, empty }: { tags: readonly string[]; empty?: ReactNode }) {
  if (tags.length === 0) return empty ?? null
  return (
    <span
      className="inline-flex max-w-full min-w-0 items-center gap-1 align-bottom"
      title={tags.join(', ')}
    >
      {tags.slice(0, shownTags).map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
      {tags.length > shownTags && (
        <span className="text-caption text-muted">+{tags.length - shownTags}</span>
      )}
    </span>
  )
}

interface EditableTagsProps {
  label: string
  tags: readonly string[]
  /** Offered while typing. */
  suggestions?: readonly string[]
  placeholder?: string
  onAdd: (tag: string) => void
  onRemove: (tag: string) => void
  listId: string
}

/** Enter or a comma adds what is typed; Backspace in the empty field removes the last. */
export function EditableTags({
  label,
  tags,
  suggestions,
  placeholder,
  onAdd,
  onRemove,
  listId,
}: EditableTagsProps) {
  const [typed, setTyped] = useState('')
  const add = (text: string) => {
    const tag = text.trim()
    setTyped('')
    if (tag !== '' && !tags.includes(tag)) onAdd(tag)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // While an input method composes, Enter chooses a word.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault()
      add(typed)
    } else if (event.key === 'Escape' && typed !== '') {
      event.stopPropagation()
      setTyped('')
    } else if (event.key === 'Backspace' && typed === '') {
      const last = tags.at(-1)
      if (last !== undefined) onRemove(last)
    }
  }
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-1 rounded-md border border-line bg-surface px-1.5 py-1 focus-within:border-accent hover:border-control">
      {tags.map((tag) => (
        <Tag key={tag} onRemove={() => onRemove(tag)}>
          {tag}
        </Tag>
      ))}
      <input
        aria-label={label}
        value={typed}
        list={listId}
        placeholder={tags.length === 0 ? placeholder : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => add(typed)}
        className="min-w-24 flex-1 bg-transparent px-1 outline-none"
      />
      <datalist id={listId}>
        {suggestions
          ?.filter((tag) => !tags.includes(tag))
          .map((tag) => (
            <option key={tag} value={tag}>
              {tag}
            </option>
          ))}
      </datalist>
    </div>
  )
}
