/** The one list or dialog that may be open, under the button that opened it. */

export class Popover {
  #root;
  #focus;
  #node = null;
  #opener = null;

  /** @param {ShadowRoot} root @param {function(string): void} focus Of the button, by its key. */
  constructor(root, focus) {
    this.#root = root;
    this.#focus = focus;
  }

  /** Whose list is open; null while none is. */
  get opener() { return this.#node && this.#opener; }

  contains(node) { return this.#node?.contains(node) ?? false; }

  /** @param {string} opener The button's key. @param {HTMLElement} node */
  show(opener, node) {
    this.close(false);
    const button = this.#button(opener);
    this.#node = node;
    this.#opener = opener;
    button.setAttribute('aria-expanded', 'true');
    this.#root.append(node);
    const at = button.getBoundingClientRect(), size = node.getBoundingClientRect();
    node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    node.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - size.height - 8))}px`;
    const first = node.querySelector('[aria-current]') ?? node.querySelector('button, input, select');
    first.scrollIntoView({block: 'center'});
    first.focus({preventScroll: true});
  }

  /** @param {boolean} back Whether the focus returns to the button. */
  close(back) {
    if (!this.#node) return;
    this.#node.remove();
    this.#node = null;
    this.#button(this.#opener)?.setAttribute('aria-expanded', 'false');
    if (back) this.#focus(this.#opener);
  }

  #button(key) { return this.#root.querySelector(`[data-key=${key}]`); }
}
