import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useSearch } from '@tanstack/react-router'
import type { Template } from '@xendeck/contract'
import { Badge, Switch, TagList, type Column } from '@xendeck/ui'
import { useMemo, useState } from 'react'
import { useResources } from '../api/live.ts'
import { dotted, PoolCell } from '../features/cells.tsx'
import { ListPage } from '../features/ListPage.tsx'
import { formatBytes } from '../lib/bytes.ts'

const fields = (template: Template) => [
  template.name,
  template.description,
  template.id,
  ...template.tags,
]
const values = {
  name: (template: Template) => template.name,
  vcpus: (template: Template) => template.vcpus.atStartup,
  memory: (template: Template) => template.memory.dynamicMax,
  disks: (template: Template) => diskCount(template),
}

function diskCount(template: Template): number {
  return template.drives.filter((drive) => drive.type === 'disk').length
}

const tagsWidth = 160

export function TemplatesPage() {
  const { t, i18n } = useLingui()
  const search = useSearch({ from: '/templates' })
  const all = useResources('template')
  const severalPools = useResources('pool').length > 1
  const [showsDefault, setShowsDefault] = useState(false)
  const shipped = useMemo(() => all.filter((template) => template.isDefault).length, [all])
  const rows = useMemo(
    () => (showsDefault ? all : all.filter((template) => !template.isDefault)),
    [all, showsDefault],
  )
  const columns = useMemo(() => {
    const list: (Column<Template> | false)[] = [
      {
        id: 'name',
        header: t`Name`,
        width: 260,
        isFlexible: true,
        isSortable: true,
        cell: (template) => <TemplateName template={template} />,
      },
      severalPools && {
        id: 'pool',
        header: t`Pool`,
        width: 130,
        cell: (template) => <PoolCell id={template.poolId} />,
      },
      {
        id: 'vcpus',
        header: t`vCPU`,
        width: 72,
        align: 'end',
        isSortable: true,
        cell: (template) => template.vcpus.atStartup,
      },
      {
        id: 'memory',
        header: t`Memory`,
        width: 100,
        align: 'end',
        isSortable: true,
        cell: (template) => formatBytes(template.memory.dynamicMax, i18n.locale),
      },
      {
        id: 'disks',
        header: t`Disks`,
        width: 80,
        align: 'end',
        isSortable: true,
        cell: diskCount,
      },
      {
        id: 'firmware',
        header: t`Firmware`,
        width: 100,
        cell: (template) => template.firmware?.toUpperCase(),
      },
      {
        id: 'tags',
        header: t`Tags`,
        width: tagsWidth,
        cell: (template) => <TagList tags={template.tags} room={tagsWidth - 32} />,
      },
    ]
    return list.filter((column) => column !== false)
    // The words change with the language, which i18n itself does not tell.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [t, i18n.locale, severalPools])
  return (
    <ListPage
      kind="template"
      path="/templates"
      search={search}
      title={t`Templates`}
      rows={rows}
      columns={columns}
      values={values}
      fields={fields}
      placeholder={t`Filter by name, description, tag or uuid`}
      tools={
        shipped > 0 && (
          <Switch isSelected={showsDefault} onChange={setShowsDefault}>
            <Plural
              value={shipped}
              one="Show the # shipped with the product"
              other="Show the # shipped with the product"
            />
          </Switch>
        )
      }
      narrow={(template) => ({
        title: <TemplateName template={template} />,
        aside: formatBytes(template.memory.dynamicMax, i18n.locale),
        detail: dotted(`${template.vcpus.atStartup} vCPU`, template.description),
      })}
      empty={{
        title: t`No templates of your own`,
        text:
          shipped > 0
            ? t`Only those shipped with the product are here; show them with the switch above.`
            : t`The templates of connected pools appear here.`,
      }}
    />
  )
}

function TemplateName({ template }: { template: Template }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="truncate font-semibold" title={template.description || template.name}>
        {template.name}
      </span>
      {template.isDefault && (
        <Badge>
          <Trans>shipped</Trans>
        </Badge>
      )}
    </span>
  )
}
