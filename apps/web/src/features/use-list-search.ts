import { useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { filterTerms, type FilterTerms } from '../lib/filter.ts'

/** The addresses whose filter is a part of them. */
export type ListPath =
  | '/vms'
  | '/hosts'
  | '/storages'
  | '/networks'
  | '/templates'
  | '/tasks'
  | '/pools'

/**
 * A list's quick filter, kept in the URL. What is typed shows at once; the rows follow when there is time, and the
 * URL is replaced rather than added to, so that Back leaves the list.
 */
export function useListSearch(
  to: ListPath,
  fromUrl: string | undefined,
): { text: string; setText: (text: string) => void; terms: FilterTerms } {
  const navigate = useNavigate()
  const [text, setLocal] = useState(fromUrl ?? '')
  const written = useRef(fromUrl ?? '')
  useEffect(() => {
    // Somebody else changed the URL: Back, a link, the palette.
    if ((fromUrl ?? '') === written.current) return
    written.current = fromUrl ?? ''
    setLocal(fromUrl ?? '')
  }, [fromUrl])
  const setText = (next: string) => {
    setLocal(next)
    written.current = next
    void navigate({ to, search: (old) => ({ ...old, q: next || undefined }), replace: true })
  }
  const deferred = useDeferredValue(text)
  return { text, setText, terms: useMemo(() => filterTerms(deferred), [deferred]) }
}
