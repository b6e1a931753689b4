import { useLingui } from '@lingui/react/macro'
import { Link, useNavigate } from '@tanstack/react-router'
import {
  Button,
  HalfIcon,
  IconButton,
  Menu,
  MenuIcon,
  MoonIcon,
  SunIcon,
  useIsNarrow,
  type MenuEntry,
  type MenuItem,
} from '@xendeck/ui'
import { signOut, useSession } from '../api/session.ts'
import { chooseLanguage, languages, type Language } from '../lib/i18n.ts'
import { Brand } from './Brand.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { NoticesWidget } from './NoticesWidget.tsx'
import { chooseTheme, setDrawer, useShell } from './shell-store.ts'
import { TasksWidget } from './TasksWidget.tsx'

/** What is the same on every page: 48 pixels, quiet. */
export function TopBar() {
  const { t } = useLingui()
  const isNarrow = useIsNarrow()
  return (
    <header className="relative flex h-12 shrink-0 items-center gap-1 border-b border-hairline bg-surface pr-2 pl-4 narrow:pl-1">
      {isNarrow && (
        <IconButton label={t`Navigation`} icon={<MenuIcon />} onPress={() => setDrawer(true)} />
      )}
      <Link to="/" aria-label="XenDeck" className="flex rounded-sm">
        <Brand />
      </Link>
      <ConnectionBanner />
      <div className="flex min-w-0 items-center">
        <TasksWidget />
        <NoticesWidget />
        {!isNarrow && (
          <>
            <ThemeMenu />
            <LanguageMenu />
          </>
        )}
        <UserMenu isNarrow={isNarrow} />
      </div>
    </header>
  )
}

function useThemeItems(): MenuItem[] {
  const { t } = useLingui()
  const theme = useShell((state) => state.theme)
  return [
    { id: 'auto' as const, label: t`As the system`, icon: <HalfIcon /> },
    { id: 'light' as const, label: t`Light`, icon: <SunIcon /> },
    { id: 'dark' as const, label: t`Dark`, icon: <MoonIcon /> },
  ].map((item) => ({
    ...item,
    isSelected: item.id === theme,
    onAction: () => chooseTheme(item.id),
  }))
}

function useLanguageItems(): MenuItem[] {
  const { i18n } = useLingui()
  return (Object.keys(languages) as Language[]).map((id) => ({
    id,
    label: languages[id],
    isSelected: id === i18n.locale,
    onAction: () => void chooseLanguage(id),
  }))
}

export function ThemeMenu() {
  const { t } = useLingui()
  const items = useThemeItems()
  const icon = items.find((item) => item.isSelected)?.icon
  return (
    <Menu label={t`Theme`} items={items} placement="bottom end">
      <IconButton label={t`Theme`} icon={icon} />
    </Menu>
  )
}

export function LanguageMenu() {
  const { t } = useLingui()
  const items = useLanguageItems()
  return (
    <Menu label={t`Language`} items={items} placement="bottom end">
      <Button variant="quiet" isTight tooltip={t`Language`}>
        {items.find((item) => item.isSelected)?.label}
      </Button>
    </Menu>
  )
}

function UserMenu({ isNarrow }: { isNarrow: boolean }) {
  const { t } = useLingui()
  const session = useSession()
  const navigate = useNavigate()
  const themes = useThemeItems()
  const languageItems = useLanguageItems()
  const items: MenuEntry[] = [
    ...(isNarrow
      ? [
          { id: 'theme', section: t`Theme`, items: themes },
          { id: 'language', section: t`Language`, items: languageItems },
          { id: 'line', separator: true as const },
        ]
      : []),
    {
      id: 'account',
      label: t`Account`,
      onAction: () => void navigate({ to: '/account' }),
    },
    { id: 'sign-out', label: t`Sign out`, onAction: () => void signOut() },
  ]
  return (
    <Menu label={t`Account`} items={items} placement="bottom end">
      <Button variant="quiet" isTight>
        <span className="max-w-32 truncate">{session?.user.name}</span>
      </Button>
    </Menu>
  )
}
