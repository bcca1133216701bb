/** Where the panel stands: beside MLflow's main column, over it with a scrim in a narrow window, or in its place as a full page. */

import {noteInAddress} from './address.js';
import {element} from './element.js';
import {WORDS} from './words.js';

export const WIDTH = {least: 340, usual: 380, most: 520};
export const GAP_PX = 8;
export const WIDTH_KEY = 'isoflop.width';
const NARROW = '(max-width: 1099px)';

export class Layout {
  #full = false;
  #changed;
  #narrow = matchMedia(NARROW);
  #watch = new ResizeObserver(() => this.place());
  #refit = () => this.place();
  form = 'side';
  width = rememberedWidth();

  /**
   * @param {HTMLElement} host @param {ShadowRoot} root @param {HTMLElement} panel
   * @param {{full: boolean, changed: function('side'|'overlay'|'full'): void, dismiss: function(): void}} options
   */
  constructor(host, root, panel, {full, changed, dismiss}) {
    this.host = host;
    this.root = root;
    this.panel = panel;
    this.#full = full;
    this.#changed = changed;
    this.scrim = element('div', {class: 'scrim'});
    this.scrim.addEventListener('click', dismiss);
    this.handle = element('div', {class: 'handle', role: 'separator', tabindex: '0', 'aria-orientation': 'vertical', 'aria-label': WORDS.resize,
      'aria-valuemin': WIDTH.least, 'aria-valuemax': WIDTH.most});
    root.prepend(this.scrim, this.handle);
    this.#narrow.addEventListener('change', this.#refit);
  }

  /** @param {boolean} full */
  setFull(full) {
    if (full === this.#full) return;
    this.#full = full;
    this.place();
  }

  get full() { return this.#full; }

  place() {
    const form = this.#full ? 'full' : this.#narrow.matches ? 'overlay' : 'side';
    const page = document.getElementById('root') ?? document.body, main = document.querySelector('main');
    // Containment keeps what MLflow fixes to the window, such as its Assistant's button, beside the panel or under it, never over it.
    page.style.contain = 'layout';
    page.style.marginRight = form === 'side' ? `${this.width + GAP_PX}px` : '';
    if (main) main.inert = form !== 'side';
    this.host.style.setProperty('--width', `${this.width}px`);
    this.host.style.setProperty('--left', `${form === 'full' && main ? main.getBoundingClientRect().left : GAP_PX}px`);
    this.handle.setAttribute('aria-valuenow', String(this.width));
    noteInAddress(this.#full);
    if (this.host.dataset.form === form) return;
    this.#watch.disconnect();
    if (form === 'full' && main) this.#watch.observe(main);
    this.host.dataset.form = this.form = form;
    this.panel.setAttribute('role', form === 'overlay' ? 'dialog' : 'complementary');
    this.panel.setAttribute('aria-label', WORDS.title);
    if (form === 'overlay') this.panel.setAttribute('aria-modal', 'true');
    else this.panel.removeAttribute('aria-modal');
    this.#changed(form);
  }

  /** Leaves MLflow's page as it was. */
  remove() {
    this.#narrow.removeEventListener('change', this.#refit);
    this.#watch.disconnect();
    const page = document.getElementById('root') ?? document.body, main = document.querySelector('main');
    page.style.contain = page.style.marginRight = '';
    if (main) main.inert = false;
    noteInAddress(false);
  }
}

function rememberedWidth() {
  let width = NaN;
  try {
    width = Number(localStorage.getItem(WIDTH_KEY));
  } catch {
    // As above.
  }
  return width >= WIDTH.least && width <= WIDTH.most ? width : WIDTH.usual;
}
