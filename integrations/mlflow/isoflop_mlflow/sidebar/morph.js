/**
 * Makes `current` look like `wanted` with the fewest changes, so that focus, scroll place, open lists and drawn charts survive a new
 * version of the law. Nodes with `data-keep` look after their own inside; steady pieces (steady.js) are built only where what they are made of has changed. With
 * `tint`, figures whose text changed get the class `changed`.
 * @param {Element} current @param {Element} wanted @param {boolean} tint
 */
export function morph(current, wanted, tint) {
  copyAttributes(current, wanted);
  const next = [...wanted.childNodes];
  next.forEach((node, index) => {
    const old = current.childNodes[index];
    if (!old) {
      current.append(whole(node));
    } else if (!sameKind(old, node)) {
      old.replaceWith(whole(node));
    } else if (node.nodeType === Node.TEXT_NODE) {
      if (old.data !== node.data) setText(old, node.data, tint);
    } else if (!old.hasAttribute('data-keep') && !(node.madeOf && old.madeOf?.every((one, at) => one === node.madeOf[at]))) {
      morph(old, built(node), tint);
      old.madeOf = node.madeOf;
    }
  });
  while (current.childNodes.length > next.length) current.lastChild.remove();
}

/** A piece with what is in it. */
function built(node) {
  node.build?.();
  return node;
}

/** A node in which every piece is built. */
function whole(node) {
  node.querySelectorAll?.('[data-steady]').forEach(built);
  return built(node);
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
