// Runs before the first paint, so that a chosen theme does not flash. A file of its own: the content security
// policy allows no inline script.
;(() => {
  let theme = null
  try {
    theme = localStorage.getItem('xendeck.theme')
  } catch {
    // Storage can be forbidden; the system's theme then stands.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
})()
