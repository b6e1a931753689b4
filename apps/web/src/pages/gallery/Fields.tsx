import {
  Checkbox,
  EditableTags,
  InlineEdit,
  NumberField,
  PasswordField,
  RadioGroup,
  SearchField,
  Segmented,
  Select,
  Switch,
  TextArea,
  TextField,
} from '@xendeck/ui'
import { useId, useState } from 'react'
import { Sample } from './Sample.tsx'

const options = [
  { value: 'xs-1', label: 'xs-fra-1', description: '64 GiB free' },
  { value: 'xs-2', label: 'xs-fra-2' },
  { value: 'xs-3', label: 'xs-fra-3', disabledReason: 'In maintenance' },
]

export function FieldsGallery() {
  const [segment, setSegment] = useState('fit')
  const [tags, setTags] = useState(['db', 'prod'])
  const [name, setName] = useState('db-orders-primary')
  const listId = useId()
  return (
    <div className="space-y-6">
      <Sample name="TextField">
        <TextField label="Name" defaultValue="db-1" className="w-48" />
        <TextField label="Empty" placeholder="Placeholder" className="w-48" />
        <TextField label="Wrong" defaultValue="x y" error="No spaces." className="w-48" />
        <TextField label="Disabled" defaultValue="db-1" isDisabled className="w-48" />
        <TextField
          label="Address"
          isMono
          defaultValue="10.20.0.5"
          description="IPv4 or IPv6"
          className="w-48"
        />
      </Sample>
      <Sample name="PasswordField, NumberField, SearchField">
        <PasswordField label="Password" defaultValue="secret" className="w-48" />
        <NumberField label="Memory" unit="GiB" defaultValue={8} className="w-48" />
        <SearchField label="Filter" placeholder="Filter" defaultValue="db" className="w-48" />
      </Sample>
      <Sample name="TextArea, Select">
        <TextArea label="Description" defaultValue="Two lines" rows={2} className="w-48" />
        <Select label="Host" options={options} defaultValue="xs-1" className="w-48" />
        <Select label="Nothing chosen" options={options} placeholder="Choose…" className="w-48" />
        <Select label="Wrong" options={options} error="Choose a host." className="w-48" />
      </Sample>
      <Sample name="Checkbox, Switch">
        <Checkbox>Off</Checkbox>
        <Checkbox defaultSelected>On</Checkbox>
        <Checkbox isIndeterminate>Some</Checkbox>
        <Checkbox isDisabled>Disabled</Checkbox>
        <Switch>Off</Switch>
        <Switch defaultSelected>On</Switch>
        <Switch isDisabled>Disabled</Switch>
      </Sample>
      <Sample name="RadioGroup, Segmented">
        <RadioGroup
          label="Disks"
          defaultValue="keep"
          options={[
            { value: 'keep', label: 'Keep', description: 'They stay on their storage' },
            { value: 'delete', label: 'Delete' },
            { value: 'none', label: 'Neither', isDisabled: true },
          ]}
        />
        <Segmented
          label="Size"
          value={segment}
          onChange={setSegment}
          options={[
            { value: 'fit', label: 'Fit' },
            { value: '1', label: '1:1' },
          ]}
        />
      </Sample>
      <Sample name="EditableTags, InlineEdit">
        <div className="w-64">
          <EditableTags
            label="Tags"
            tags={tags}
            suggestions={['staging', 'test']}
            listId={listId}
            onAdd={(tag) => setTags([...tags, tag])}
            onRemove={(tag) => setTags(tags.filter((other) => other !== tag))}
          />
        </div>
        <span className="px-2 text-title font-semibold">
          <InlineEdit
            label="Name"
            value={name}
            errorText={(error) => (error instanceof Error ? error.message : String(error))}
            onSave={(next) => {
              if (next.includes('!')) return Promise.reject(new Error('No exclamation marks.'))
              setName(next)
              return Promise.resolve()
            }}
          />
        </span>
      </Sample>
    </div>
  )
}
