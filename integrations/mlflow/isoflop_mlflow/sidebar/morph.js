/**
 * Makes `current` look like `wanted` with the fewest changes, so that focus, scroll place, open lists and drawn charts survive a new
 * version of the law. Nodes with `data-keep` look after their own inside. With `tint`, figures whose text changed get the class `changed`.
 * @param {Element} current @param {Element} wanted @param {boolean} tint
 */
export function morph(current, wanted, tint) {
  copyAttributes(current, wanted);
  const next = [...wanted.childNodes];
  next.forEach((node, index) => {
    const old = current.childNodes[index];
    if (!old) {
      current.append(node);
    } else if (!sameKind(old, node)) {
      old.replaceWith(node);
    } else if (node.nodeType === Node.TEXT_NODE) {
      if (old.data !== node.data) setText(old, node.data, tint);
    } else if (!old.hasAttribute('data-keep')) {
      morph(old, node, tint);
    }
  });
  while (current.childNodes.length > next.length) current.lastChild.remove();
}

function sameKind(a, b) {
  return a.nodeName === b.nodeName && (a.nodeType !== Node.ELEMENT_NODE || a.getAttribute('data-key') === b.getAttribute('data-key'));
}

function setText(text, data, tint) {
  text.data = data;
  const figure = text.parentElement.closest('[aria-description]');
  if (!tint || !figure || figure.classList.contains('still')) return;
  figure.classList.remove('changed');
  void figure.offsetWidth;  // Starts the tint anew where the figure changes twice within it.
  figure.classList.add('changed');
}

/** What the reader or the page has done to a node since it was built. */
const OWN_STATE = new Set(['open', 'tabindex', 'aria-expanded', 'data-own']);

function copyAttributes(current, wanted) {
  for (const {name, value} of [...wanted.attributes]) {
    if (OWN_STATE.has(name) && current.hasAttribute(name)) continue;
    if (name === 'class' && current.classList.contains('changed')) continue;
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
  for (const {name} of [...current.attributes]) {
    if (!wanted.hasAttribute(name) && !OWN_STATE.has(name) && name !== 'class') current.removeAttribute(name);
  }
}
