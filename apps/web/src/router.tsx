import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { mountPath } from './lib/base.ts'
import { stringSearch } from './lib/search.ts'
import { NotFoundPage } from './pages/NotFound.tsx'
import { VmListPage } from './pages/VmList.tsx'
import { PageError } from './shell/PageError.tsx'
import { PagePending } from './shell/PagePending.tsx'
import { Shell } from './shell/Shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage })

/** A list's filter and sort order are part of its address. */
const listSearch = stringSearch('q', 'sort', 'pool', 'host')

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/vms', replace: true })
  },
})
// Whoever is signed out sees the sign-in wherever they are; this address is for people who type it.
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  beforeLoad: () => {
    throw redirect({ to: '/vms', replace: true })
  },
})

const vms = createRoute({
  getParentRoute: () => root,
  path: '/vms',
  validateSearch: listSearch,
  // The first page that everybody sees is worth no request of its own.
  component: VmListPage,
})
const vm = createRoute({
  getParentRoute: () => root,
  path: '/vms/$vmId',
  component: lazyRouteComponent(() => import('./pages/Vm.tsx'), 'VmPage'),
})
const vmOverview = createRoute({
  getParentRoute: () => vm,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/VmOverview.tsx'), 'VmOverviewPage'),
})
const vmSnapshots = createRoute({
  getParentRoute: () => vm,
  path: '/snapshots',
  component: lazyRouteComponent(() => import('./pages/VmSnapshots.tsx'), 'VmSnapshotsPage'),
})
const vmConsole = createRoute({
  getParentRoute: () => vm,
  path: '/console',
  component: lazyRouteComponent(() => import('./pages/VmConsole.tsx'), 'VmConsolePage'),
})

const hosts = createRoute({
  getParentRoute: () => root,
  path: '/hosts',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/Hosts.tsx'), 'HostsPage'),
})
const host = createRoute({
  getParentRoute: () => root,
  path: '/hosts/$hostId',
  component: lazyRouteComponent(() => import('./pages/Host.tsx'), 'HostPage'),
})
const storages = createRoute({
  getParentRoute: () => root,
  path: '/storages',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/Storage.tsx'), 'StoragePage'),
})
const storage = createRoute({
  getParentRoute: () => root,
  path: '/storages/$storageId',
  component: lazyRouteComponent(() => import('./pages/StorageDetail.tsx'), 'StorageDetailPage'),
})
const networks = createRoute({
  getParentRoute: () => root,
  path: '/networks',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/Networks.tsx'), 'NetworksPage'),
})
const network = createRoute({
  getParentRoute: () => root,
  path: '/networks/$networkId',
  component: lazyRouteComponent(() => import('./pages/NetworkDetail.tsx'), 'NetworkDetailPage'),
})
const templates = createRoute({
  getParentRoute: () => root,
  path: '/templates',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/Templates.tsx'), 'TemplatesPage'),
})
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/Tasks.tsx'), 'TasksPage'),
})
const pools = createRoute({
  getParentRoute: () => root,
  path: '/pools',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/Pools.tsx'), 'PoolsPage'),
})
const pool = createRoute({
  getParentRoute: () => root,
  path: '/pools/$poolId',
  component: lazyRouteComponent(() => import('./pages/Pool.tsx'), 'PoolPage'),
})
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/Account.tsx'), 'AccountPage'),
})
const gallery = createRoute({
  getParentRoute: () => root,
  path: '/ui',
  component: lazyRouteComponent(() => import('./pages/Gallery.tsx'), 'GalleryPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    vms,
    vm.addChildren([vmOverview, vmSnapshots, vmConsole]),
    hosts,
    host,
    storages,
    storage,
    networks,
    network,
    templates,
    tasks,
    pools,
    pool,
    account,
    gallery,
  ]),
  basepath: mountPath,
  defaultErrorComponent: PageError,
  defaultPendingComponent: PagePending,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
