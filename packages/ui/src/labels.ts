import { createContext, useContext } from 'react'

/** The few words that components say of themselves. The app gives them in the reader's language. */
export interface Labels {
  cancel: string
  changedMeanwhile: (value: string) => string
  choose: string
  clear: string
  close: string
  copied: string
  copy: string
  dismiss: string
  edit: string
  hidePassword: string
  more: string
  notices: string
  remove: (what: string) => string
  selectAll: string
  selectRow: string
  showPassword: string
  sortBy: (column: string) => string
}

export const englishLabels: Labels = {
  cancel: 'Cancel',
  changedMeanwhile: (value) => `Changed to “${value}” meanwhile. Saving replaces that.`,
  choose: 'Choose…',
  clear: 'Clear',
  close: 'Close',
  copied: 'Copied',
  copy: 'Copy',
  dismiss: 'Dismiss',
  edit: 'Edit',
  hidePassword: 'Hide password',
  more: 'More',
  notices: 'Notices',
  remove: (what) => `Remove ${what}`,
  selectAll: 'Select all',
  selectRow: 'Select',
  showPassword: 'Show password',
  sortBy: (column) => `Sort by ${column}`,
}

const LabelsContext = createContext<Labels>(englishLabels)
export const LabelsProvider = LabelsContext.Provider

export function useLabels(): Labels {
  return useContext(LabelsContext)
}
