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
        'inline-flex h-5 max-w-48 min-w-8 items-center justify-center rounded-sm border border-line text-caption text-secondary',
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

interface TagListProps {
  tags: readonly string[]
  empty?: ReactNode
  /** Pixels on one line: as many tags as fit, then how many more. Without it all are shown, on several lines. */
  room?: number
}

/** Whole tags rather than pieces of them; all are in the title. */
export function TagList({ tags, empty, room }: TagListProps) {
  if (tags.length === 0) return empty ?? null
  const shown = room === undefined ? tags.length : fitting(tags, room)
  return (
    <span
      className={classNames(
        'inline-flex max-w-full min-w-0 items-center gap-1 align-bottom',
        room === undefined && 'flex-wrap',
      )}
      title={tags.join(', ')}
    >
      {tags.slice(0, shown).map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
      {tags.length > shown && (
        <span className="text-caption text-muted">+{tags.length - shown}</span>
      )}
    </span>
  )
}

const gap = 4
const moreWidth = 20

/** How many tags stand side by side in `room` pixels, at least one. By estimate: to measure thousands of rows costs more than it gives. */
export function fitting(tags: readonly string[], room: number): number {
  let used = 0
  for (const [index, tag] of tags.entries()) {
    used += tagWidth(tag) + (index > 0 ? gap : 0)
    const isLast = index === tags.length - 1
    if (used + (isLast ? 0 : gap + moreWidth) > room) return Math.max(1, index)
  }
  return tags.length
}

/** Padding and border, and what a letter takes at 12 pixels; ideographs are square. */
function tagWidth(tag: string): number {
  let width = 14
  for (const letter of tag) width += letter > '\u2e80' ? 12 : 7.1
  return Math.max(32, width)
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

/** Looks like text until it is pointed at. Enter or a comma adds what is typed; Backspace in the empty field removes the last. */
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
    <div className="-mx-1.5 -my-1 flex min-h-7 flex-wrap items-center gap-1 rounded-md border border-transparent px-1.25 py-0.75 focus-within:border-accent focus-within:bg-surface hover:border-line">
      {tags.map((tag) => (
        <Tag key={tag} onRemove={() => onRemove(tag)}>
          {tag}
        </Tag>
      ))}
      <input
        aria-label={label}
        value={typed}
        list={listId}
        placeholder={placeholder}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => add(typed)}
        className="h-5 w-24 min-w-20 flex-1 bg-transparent px-1 outline-none"
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
