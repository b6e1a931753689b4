import {
  Badge,
  Banner,
  Breadcrumb,
  Button,
  CopyText,
  DescriptionList,
  EmptyState,
  ProgressBar,
  Section,
  Skeleton,
  Spinner,
  State,
  TabLinks,
  TagList,
  notices,
  type StateShape,
} from '@xendeck/ui'
import { Sample } from './Sample.tsx'

const states: [StateShape, string][] = [
  ['running', 'Running'],
  ['halted', 'Halted'],
  ['paused', 'Suspended'],
  ['moving', 'Migrating 62 %'],
  ['failed', 'Failed'],
  ['attention', 'Maintenance'],
  ['ok', 'Done'],
  ['unknown', 'Unknown'],
]
const tones = ['info', 'ok', 'warn', 'bad'] as const
const tabs = [
  { id: 'overview', label: 'Overview', href: 'ui' },
  { id: 'console', label: 'Console', href: 'ui' },
  { id: 'snapshots', label: 'Snapshots', href: 'ui', count: 5 },
]

export function FeedbackGallery() {
  return (
    <div className="space-y-6">
      <Sample name="State, Badge, TagList">
        {states.map(([shape, word]) => (
          <State key={shape} shape={shape} className="w-36">
            {word}
          </State>
        ))}
        {(['neutral', 'accent', 'ok', 'warn', 'bad'] as const).map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
        <TagList tags={['db', 'prod']} />
      </Sample>
      <Sample name="ProgressBar, Spinner, Skeleton">
        <ProgressBar label="Copying" value={0.62} className="w-24" />
        <ProgressBar label="Working" value={null} className="w-24" />
        <ProgressBar label="Full" value={0.93} tone="warn" className="w-24" />
        <ProgressBar label="Over" value={1} tone="bad" className="w-24" />
        <Spinner />
        <Skeleton />
      </Sample>
      <Sample name="Banner">
        {tones.map((tone) => (
          <div key={tone} className="w-full">
            <Banner tone={tone} actions={<Button size="small">Retry now</Button>}>
              The pool Frankfurt is unreachable. Shown as last seen 12:03.
            </Banner>
          </div>
        ))}
      </Sample>
      <Sample name="Notices">
        {tones.map((tone) => (
          <Button
            key={tone}
            onPress={() =>
              notices.add({
                tone,
                title: 'db-1 was not started',
                detail: 'No host can run it now.',
              })
            }
          >
            {tone}
          </Button>
        ))}
      </Sample>
      <Sample name="TabLinks, Breadcrumb">
        <div className="w-full px-5">
          <TabLinks label="Parts" tabs={tabs} currentId="console" onNavigate={() => undefined} />
        </div>
        <Breadcrumb
          label="Place"
          items={[
            { id: 'pool', link: 'Frankfurt' },
            { id: 'host', link: 'xs-fra-1' },
          ]}
        />
      </Sample>
      <Section title="Section with a DescriptionList">
        <DescriptionList
          items={[
            { term: 'System', value: 'Debian 13' },
            { term: 'Identity', value: <CopyText text="6c1f2b0e-41d7-8f55-0d7c-93a4be21c6f0" /> },
            { term: 'Unknown', value: null },
          ]}
        />
      </Section>
      <EmptyState title="No snapshots" action={<Button variant="primary">Take a snapshot…</Button>}>
        A snapshot keeps the disks as they are now, to go back to.
      </EmptyState>
    </div>
  )
}
