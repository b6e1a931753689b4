/**
 * A document for xterm.js that works under a content security policy without `unsafe-inline`. xterm.js writes its
 * colours into <style> elements and into style attributes, both of which such a policy blocks; the CSSOM is allowed.
 * So its style elements fill a constructed style sheet, and its style attributes go through `element.style`.
 */
export function guardedDocument(): Document {
  return new Proxy(document, {
    get(target, key) {
      if (key === 'createElement') return createElement
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function createElement(tag: string): HTMLElement {
  const element = document.createElement(tag)
  if (tag === 'style') {
    const sheet = new CSSStyleSheet()
    document.adoptedStyleSheets.push(sheet)
    Object.defineProperty(element, 'textContent', {
      set: (text: string) => sheet.replaceSync(text),
    })
    const remove = element.remove.bind(element)
    element.remove = () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet)
      remove()
    }
  } else {
    const setAttribute = element.setAttribute.bind(element)
    element.setAttribute = (name: string, value: string) => {
      if (name === 'style') element.style.cssText = value
      else setAttribute(name, value)
    }
  }
  return element
}
