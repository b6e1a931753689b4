const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** What a cell shows for a value that the pool does not know or that does not apply. */
export const NOTHING = '–'

/**
 * Bytes in the largest binary unit that keeps the number at 1 or more: `8 GiB`, `1.2 TiB`. One decimal below 10,
 * none above: lists are compared at a glance, exact sizes belong into a tooltip. Null is unknown.
 */
export function formatBytes(value: number | null | undefined, locale: string): string {
  if (value == null || !Number.isFinite(value) || value < 0) return NOTHING
  let unit = 0
  let scaled = value
  // 1023.95 would be rounded to "1,024 GiB".
  while (scaled >= 1023.5 && unit < units.length - 1) {
    scaled /= 1024
    unit += 1
  }
  const digits = unit > 0 && scaled < 9.95 ? 1 : 0
  return `${numberFormat(locale, digits).format(scaled)} ${units[unit]}`
}

/** All digits, for a tooltip beside {@link formatBytes}: `8,589,934,592 B`. */
export function formatBytesExactly(value: number, locale: string): string {
  return `${numberFormat(locale, 0).format(value)} B`
}

/** 0 to 1 → `62 %`, in whole percent, never rounded up to 100 before it is there. */
export function formatPercent(fraction: number, locale: string): string {
  const percent = Math.max(0, Math.min(100, fraction * 100))
  const shown = percent < 100 ? Math.min(99, Math.round(percent)) : 100
  return `${numberFormat(locale, 0).format(shown)} %`
}

export function formatNumber(value: number, locale: string): string {
  return numberFormat(locale, 1).format(value)
}

const formats = new Map<string, Intl.NumberFormat>()

/** Making a NumberFormat costs more than using it, and a list uses one per cell. */
function numberFormat(locale: string, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale} ${maximumFractionDigits}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits })
    formats.set(key, format)
  }
  return format
}
