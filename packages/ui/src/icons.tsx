import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export interface IconProps {
  className?: string
}

function stroked(children: ReactNode) {
  return function Icon({ className }: IconProps) {
    return (
      <svg
        viewBox="0 0 16 16"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        className={classNames(sized(className), 'shrink-0', className)}
      >
        {children}
      </svg>
    )
  }
}

/** Of two sizes the later in the style sheet would win, not the one asked for: so only one is given. */
export function sized(className: string | undefined): string | false {
  return !className?.includes('size-') && 'size-4'
}

export const ChevronRightIcon = stroked(<path d="M6 3.5 10.5 8 6 12.5" />)
export const ChevronDownIcon = stroked(<path d="M3.5 6 8 10.5 12.5 6" />)
export const ArrowUpIcon = stroked(<path d="M8 13V3M4 7l4-4 4 4" />)
export const ArrowDownIcon = stroked(<path d="M8 3v10M4 9l4 4 4-4" />)
export const CheckIcon = stroked(<path d="m3 8.5 3.5 3.5L13 4.5" />)
export const MinusIcon = stroked(<path d="M3.5 8h9" />)
export const PlusIcon = stroked(<path d="M8 3.5v9M3.5 8h9" />)
export const CloseIcon = stroked(<path d="m4 4 8 8M12 4l-8 8" />)
export const MoreIcon = stroked(<path d="M3 8h.01M8 8h.01M13 8h.01" strokeWidth="2" />)
export const MenuIcon = stroked(<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />)
export const SearchIcon = stroked(
  <>
    <circle cx="7" cy="7" r="4.25" />
    <path d="m10.25 10.25 3.25 3.25" />
  </>,
)
export const CopyIcon = stroked(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
  </>,
)
export const EyeIcon = stroked(
  <>
    <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z" />
    <circle cx="8" cy="8" r="2" />
  </>,
)
export const EyeOffIcon = stroked(
  <path d="M2.5 2.5l11 11M6.5 6.6a2 2 0 0 0 2.9 2.8M4.2 4.6C2.4 5.8 1.5 8 1.5 8S4 12.5 8 12.5c1.2 0 2.3-.4 3.2-.9M6.9 3.6c.4-.1.7-.1 1.1-.1 4 0 6.5 4.5 6.5 4.5s-.5 1-1.5 2" />,
)
export const PencilIcon = stroked(
  <path d="m3 13 .7-3L10.5 3.2a1.4 1.4 0 0 1 2 0l.3.3a1.4 1.4 0 0 1 0 2L6 12.3 3 13Z" />,
)
export const BellIcon = stroked(
  <path d="M4 11V7a4 4 0 0 1 8 0v4l1.25 1.5H2.75L4 11ZM6.75 14.5h2.5" />,
)
export const InfoIcon = stroked(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.25v3.5M8 5v.01" />
  </>,
)
export const WarningIcon = stroked(<path d="M8 2.5 14 13H2L8 2.5ZM8 6.75v2.75M8 11.25v.01" />)
export const ErrorIcon = stroked(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="m6 6 4 4M10 6l-4 4" />
  </>,
)
export const OkIcon = stroked(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="m5.5 8.25 1.75 1.75 3.25-3.75" />
  </>,
)
export const SunIcon = stroked(
  <>
    <circle cx="8" cy="8" r="2.75" />
    <path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7" />
  </>,
)
export const MoonIcon = stroked(<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z" />)
export const HalfIcon = stroked(
  <>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" />
  </>,
)
export const GlobeIcon = stroked(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14C6 12 5.5 10 5.5 8S6 4 8 2Z" />
  </>,
)
export const UserIcon = stroked(
  <>
    <circle cx="8" cy="5.5" r="2.75" />
    <path d="M2.75 13.5c.7-2.5 2.7-3.75 5.25-3.75s4.55 1.25 5.25 3.75" />
  </>,
)
export const HostIcon = stroked(
  <>
    <rect x="2" y="2.75" width="12" height="4.5" rx="1" />
    <rect x="2" y="8.75" width="12" height="4.5" rx="1" />
    <path d="M4.5 5v.01M4.5 11v.01" />
  </>,
)
export const PoolIcon = stroked(
  <path d="M8 1.75 14 5 8 8.25 2 5l6-3.25ZM2 8l6 3.25L14 8M2 11l6 3.25L14 11" />,
)
export const VmIcon = stroked(
  <>
    <rect x="1.75" y="2.75" width="12.5" height="8.5" rx="1" />
    <path d="M5.5 13.5h5" />
  </>,
)
export const StorageIcon = stroked(
  <path d="M13 4c0 1.1-2.25 2-5 2s-5-.9-5-2 2.25-2 5-2 5 .9 5 2ZM3 4v8c0 1.1 2.25 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.25 2 5 2s5-.9 5-2" />,
)
export const NetworkIcon = stroked(
  <path d="M8 6V9.5M3.5 11V9.5h9V11M6 2.5h4V6H6zM1.75 11h3.5v2.5h-3.5zM10.75 11h3.5v2.5h-3.5z" />,
)
export const TemplateIcon = stroked(
  <path d="M3 2.5h7l3 3v8H3zM9.5 2.5v3.5H13M5.5 9h5M5.5 11.25h3" />,
)
export const TaskIcon = stroked(
  <path d="M2.5 4 3.75 5.25 6 3M2.5 10.5l1.25 1.25L6 9.5M8.5 4.5h5M8.5 11h5" />,
)
export const RefreshIcon = stroked(<path d="M13.5 3v3.5H10M13 6.3A5.5 5.5 0 1 0 13.5 9" />)
export const FullScreenIcon = stroked(
  <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />,
)
export const KeyboardIcon = stroked(
  <>
    <rect x="1.5" y="4" width="13" height="8.5" rx="1.25" />
    <path d="M4 6.75h.01M6.7 6.75h.01M9.4 6.75h.01M12 6.75h.01M5 9.75h6" />
  </>,
)
export const FilterIcon = stroked(<path d="M2 3.5h12L9.5 8.75v4L6.5 11V8.75L2 3.5Z" />)
export const SignOutIcon = stroked(<path d="M6 2.5H3v11h3M10 5l3 3-3 3M13 8H6.5" />)
