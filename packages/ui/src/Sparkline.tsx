/** A curve without axes: the shape of the last minutes beside a number. Decoration: the number is for everybody. */
export interface SparklineProps {
  /** Oldest first; null is a gap. */
  values: readonly (number | null)[]
  /** How many values fill the width: a shorter curve ends at the right edge, where now is. */
  capacity: number
  /** Value at the top; grows with higher ones. */
  max?: number
  /** Pixels. */
  width?: number
  height?: number
}

export function Sparkline({ values, capacity, max = 1, width = 64, height = 16 }: SparklineProps) {
  return (
    <svg aria-hidden width={width} height={height} className="shrink-0 text-accent">
      <path
        d={curve(values.slice(-capacity), { capacity, max, width, height })}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

/** SVG path data; half a pixel of the stroke stays inside. */
export function curve(
  values: readonly (number | null)[],
  { capacity, max, width, height }: Required<Omit<SparklineProps, 'values'>>,
): string {
  const top = values.reduce<number>((most, value) => Math.max(most, value ?? 0), max)
  const step = capacity > 1 ? (width - 2) / (capacity - 1) : 0
  const first = width - 1 - step * (values.length - 1)
  let path = ''
  let isOpen = false
  for (const [i, value] of values.entries()) {
    if (value !== null) {
      const y = height - 1 - (Math.max(0, value) / (top || 1)) * (height - 2)
      path += `${isOpen ? 'L' : 'M'}${(first + i * step).toFixed(1)} ${y.toFixed(1)}`
    }
    isOpen = value !== null
  }
  return path
}
