import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { classNames } from '../class-names.ts'
import { ChevronRightIcon } from '../icons.tsx'
import { isPlainClick } from '../Tabs.tsx'
import { useIsNarrow } from '../use-media-query.ts'
import { useVirtualFocus } from '../use-virtual-focus.ts'

/** One visible line of the tree, in the order of the screen. */
export interface TreeNode {
  id: string
  /** 1 for roots. */
  level: number
  label: string
  href: string
  /** Shape of its state; has no words, since `description` says them. */
  icon?: ReactNode
  /** At the right: a count or a word. */
  meta?: ReactNode
  /** State in words, read after the label. */
  description?: string
  /** undefined: it has no children. */
  isExpanded?: boolean
  positionInSet: number
  setSize: number
  /** As last seen. */
  isFaint?: boolean
}

interface TreeProps {
  label: string
  nodes: readonly TreeNode[]
  /** The node of the present page. */
  currentId: string | null
  onToggle: (id: string, isExpanded: boolean) => void
  onOpen: (node: TreeNode) => void
}

const rowHeight = 28
/** Large enough for a finger. */
const narrowRowHeight = 40
const typeaheadPause = 700

/** A virtual tree of links. Arrows walk and unfold, letters jump to a name, Enter opens. */
export function Tree({ label, nodes, currentId, onToggle, onOpen }: TreeProps) {
  const ids = useMemo(() => nodes.map((node) => node.id), [nodes])
  const height = useIsNarrow() ? narrowRowHeight : rowHeight
  const { scroller, focusHandlers, ...list } = useVirtualFocus({
    ids,
    rowHeight: height,
    footSpace: 8,
  })
  const current = useRef({ nodes, list, onToggle, onOpen })
  useEffect(() => {
    current.current = { nodes, list, onToggle, onOpen }
  })
  const typed = useRef({ text: '', at: 0 })

  // The present page's node comes into sight when the page changes, not each time the tree does.
  const currentIndex = currentId === null ? -1 : ids.indexOf(currentId)
  const isThere = currentIndex >= 0
  useEffect(() => {
    if (!isThere || currentId === null) return
    const now = current.current
    const index = now.nodes.findIndex((node) => node.id === currentId)
    const { startIndex = 0, endIndex = 0 } = now.list.virtualizer.range ?? {}
    const isInSight = index > startIndex && index < endIndex
    if (!isInSight) now.list.virtualizer.scrollToIndex(index, { align: 'center' })
    now.list.setFocusedId(currentId)
  }, [currentId, isThere])

  const toggle = useCallback((node: TreeNode) => {
    current.current.list.setFocusedId(node.id)
    current.current.onToggle(node.id, !node.isExpanded)
  }, [])
  const open = useCallback((node: TreeNode) => {
    current.current.list.setFocusedId(node.id)
    current.current.onOpen(node)
  }, [])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const index = list.focusedIndex
    const node = nodes[index]
    if (!node) return
    const isTyping = event.timeStamp - typed.current.at < typeaheadPause
    const key =
      !isTyping && event.key === 'j'
        ? 'ArrowDown'
        : !isTyping && event.key === 'k'
          ? 'ArrowUp'
          : event.key
    switch (key) {
      case 'ArrowDown':
        list.moveTo(index + 1)
        break
      case 'ArrowUp':
        list.moveTo(index - 1)
        break
      case 'PageDown':
        list.moveTo(index + list.pageLength())
        break
      case 'PageUp':
        list.moveTo(index - list.pageLength())
        break
      case 'Home':
        list.moveTo(0)
        break
      case 'End':
        list.moveTo(nodes.length - 1)
        break
      case 'ArrowRight':
        if (node.isExpanded === false) onToggle(node.id, true)
        else if (node.isExpanded) list.moveTo(index + 1)
        break
      case 'ArrowLeft':
        if (node.isExpanded) onToggle(node.id, false)
        else list.moveTo(parentIndex(nodes, index))
        break
      case 'Enter':
      case ' ':
        onOpen(node)
        break
      default: {
        if (key.length !== 1) return
        typed.current = {
          text: (isTyping ? typed.current.text : '') + key.toLowerCase(),
          at: event.timeStamp,
        }
        const found = findByPrefix(nodes, typed.current.text, index)
        if (found >= 0) list.moveTo(found)
      }
    }
    event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      {...focusHandlers}
    >
      <div
        role="tree"
        aria-label={label}
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="relative outline-none"
        style={{ height: list.virtualizer.getTotalSize() }}
      >
        {list.virtualizer.getVirtualItems().map(({ index, start }) => {
          const node = nodes[index]
          return (
            node && (
              <TreeRow
                key={node.id}
                node={node}
                top={start}
                height={height}
                isCurrent={node.id === currentId}
                isTabStop={index === list.focusedIndex}
                toggle={toggle}
                open={open}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

interface TreeRowProps {
  node: TreeNode
  top: number
  height: number
  isCurrent: boolean
  isTabStop: boolean
  toggle: (node: TreeNode) => void
  open: (node: TreeNode) => void
}

const TreeRow = memo(function TreeRow({
  node,
  top,
  height,
  isCurrent,
  isTabStop,
  toggle,
  open,
}: TreeRowProps) {
  return (
    <a
      role="treeitem"
      href={node.href}
      data-row-id={node.id}
      aria-level={node.level}
      aria-expanded={node.isExpanded}
      aria-posinset={node.positionInSet}
      aria-setsize={node.setSize}
      aria-selected={isCurrent}
      aria-current={isCurrent ? 'page' : undefined}
      title={node.label}
      tabIndex={isTabStop ? 0 : -1}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        if (event.target instanceof Element && event.target.closest('[data-twisty]')) toggle(node)
        else open(node)
      }}
      className={classNames(
        'absolute inset-x-2 top-0 flex items-center gap-1.5 rounded-md pr-2 -outline-offset-2',
        isCurrent ? 'bg-accent-soft font-semibold' : 'hover:bg-hover',
        node.isFaint && 'text-muted',
      )}
      style={{
        height,
        paddingLeft: 2 + (node.level - 1) * 14,
        transform: `translateY(${top}px)`,
      }}
    >
      {node.isExpanded === undefined ? (
        <span className={classNames('shrink-0', node.level === 3 ? 'w-1' : 'w-5')} />
      ) : (
        <span
          data-twisty
          className="grid size-5 shrink-0 place-items-center rounded-sm text-muted hover:text-primary"
        >
          <ChevronRightIcon
            className={classNames(
              'size-3 [stroke-width:2] transition-transform',
              node.isExpanded && 'rotate-90',
            )}
          />
        </span>
      )}
      {node.icon}
      <span className="min-w-0 flex-1 truncate">{node.label}</span>
      {node.description && <span className="sr-only">, {node.description}</span>}
      {node.meta !== undefined && (
        <span
          aria-hidden={node.description !== undefined}
          className="shrink-0 font-normal text-muted"
        >
          {node.meta}
        </span>
      )}
    </a>
  )
})

function parentIndex(nodes: readonly TreeNode[], index: number): number {
  const level = nodes[index]?.level ?? 1
  for (let above = index - 1; above >= 0; above -= 1) {
    if ((nodes[above]?.level ?? level) < level) return above
  }
  return index
}

/** The next node whose label begins with `prefix`, from the present one on and around. One letter moves on at once. */
export function findByPrefix(nodes: readonly TreeNode[], prefix: string, from: number): number {
  const first = prefix.length === 1 ? 1 : 0
  for (let step = first; step <= nodes.length; step += 1) {
    const index = (from + step) % nodes.length
    if (nodes[index]?.label.toLowerCase().startsWith(prefix)) return index
  }
  return -1
}
