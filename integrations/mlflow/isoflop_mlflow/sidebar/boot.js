/**
 * Runs in each of MLflow's pages: puts the entry `Scaling` into the left navigation and opens the panel when asked. While the panel is
 * closed there is nothing else: no timer, no request, no stream. Class names there are hashed, so it goes by structure and `href`.
 */
const here = new URL(import.meta.url);
const PATH = 'M2 1.5V14h12.5M4.5 4c1.2 4.2 3.6 6.8 8.5 7.6';
const NAVIGATION = 'aside nav ul';
const ASSISTANT_CLOSE = '[data-component-id="mlflow.assistant.chat_panel.close"]';

/** @type {?{close: function(): void, show: function(Object): void}} */
let panel = null;
let opening = false;
let entry = null;
let tab = null;
let seen = '';
let assistantGone = false;
let scheduled = false;

/** @returns {{experimentId: ?string, full: boolean}} */
function route(address = location.href) {
  const hash = address.split('#')[1] ?? '';
  return {
    experimentId: /^\/experiments\/([^/?]+)/.exec(hash)?.[1] ?? null,
    full: new URLSearchParams(hash.split('?')[1]).get('isoflop') === 'full',
  };
}

const path = (hash) => hash.split('?')[0];

function icon() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({viewBox: '0 0 16 16', width: '1em', height: '1em', fill: 'none', stroke: 'currentColor',
    'stroke-width': '1.5', 'aria-hidden': 'true'})) svg.setAttribute(name, value);
  const shape = document.createElementNS(svg.namespaceURI, 'path');
  shape.setAttribute('d', PATH);
  svg.append(shape);
  return svg;
}

function control(tag) {
  const node = document.createElement(tag);
  node.setAttribute('role', 'button');
  node.setAttribute('tabindex', '0');
  node.setAttribute('aria-label', 'Scaling');
  node.setAttribute('aria-keyshortcuts', 'Alt+Shift+S');
  node.dataset.isoflop = 'entry';
  node.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle(node);
  });
  node.addEventListener('keydown', (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    toggle(node);
  });
  return node;
}

function makeEntry() {
  const item = document.createElement('li');
  const link = control('a');
  const holder = document.createElement('span');
  holder.append(icon());
  link.append(holder, '');
  item.append(link);
  return item;
}

/** After the last link of the experiment's own; at the right edge, after a moment's grace, where there is none. */
function place() {
  const {experimentId} = route();
  const links = experimentId ? document.querySelectorAll(`${NAVIGATION} a[href^="#/experiments/${CSS.escape(experimentId)}/"]`) : [];
  const last = [...links].filter((link) => link.dataset.isoflop === undefined).pop();
  if (last) {
    tab?.remove();
    entry ??= makeEntry();
    const link = entry.firstChild, label = last.textContent ? 'Scaling' : '';
    if (link.className !== last.className) link.className = last.className;
    const iconClass = last.querySelector('span')?.className ?? '';
    if (link.firstChild.className !== iconClass) link.firstChild.className = iconClass;
    if (link.lastChild.data !== label) link.lastChild.data = label;
    const full = `#/experiments/${experimentId}?isoflop=full`;
    if (link.getAttribute('href') !== full) link.setAttribute('href', full);
    const item = last.closest('li');
    if (item.nextElementSibling !== entry) item.after(entry);
  } else {
    entry?.remove();
    if (experimentId) {
      tab ??= makeTab();
      if (!tab.isConnected) {
        document.body.append(tab);
        // MLflow draws its navigation a moment after the page: hidden till then, without a timer.
        tab.animate([{visibility: 'hidden'}, {visibility: 'hidden'}], 2000);
      }
    } else {
      tab?.remove();
    }
  }
  mark();
}

function makeTab() {
  const node = control('div');
  node.append('Scaling');
  node.style.cssText = 'position:fixed;right:0;top:40%;z-index:900;padding:12px 6px;writing-mode:vertical-rl;cursor:pointer;' +
    'font:600 13px/20px system-ui,sans-serif;color:#fff;background:#2272b4;border-radius:4px 0 0 4px';
  return node;
}

/** Shows on the entry whether the panel is open. */
function mark() {
  const open = String(panel !== null);
  for (const node of [entry?.firstChild, tab]) {
    if (!node || node.getAttribute('aria-expanded') === open) continue;
    node.setAttribute('aria-expanded', open);
    if (node !== tab) node.firstChild.style.color = panel ? (document.body.classList.contains('dark-mode') ? '#5aa9e6' : '#2272b4') : '';
  }
}

function toggle(opener = null) {
  if (panel) panel.close();
  else open(opener, route().full);
}

async function open(opener, full, address = location.href) {
  if (opening || panel) return;
  opening = true;
  try {
    const {openPanel} = await import('./index.js');
    document.querySelector(ASSISTANT_CLOSE)?.click();
    assistantGone = false;
    panel = openPanel({
      api: new URL('../..', here), experimentId: route().experimentId, full, address,
      onClose() {
        panel = null;
        mark();
        const back = opener?.isConnected ? opener : entry?.isConnected ? entry.firstChild : tab;
        back?.focus();
      },
    });
    mark();
  } finally {
    opening = false;
  }
}

/** MLflow's own panel and ours share a place: whichever opens closes the other. */
function look() {
  scheduled = false;
  place();
  if (location.hash !== seen) {
    // Following a link leaves the full page; MLflow's own redirect from the experiment's bare address does not.
    const left = path(seen) !== path(location.hash) && !/^#\/experiments\/[^/]+$/.test(path(seen));
    seen = location.hash;
    panel?.show({experimentId: route().experimentId, ...(left && {full: false})});
  }
  if (!document.querySelector(ASSISTANT_CLOSE)) assistantGone = true;
  else if (panel && assistantGone) panel.close();
}

new MutationObserver(() => {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(look);
}).observe(document.body, {childList: true, subtree: true});

addEventListener('hashchange', ({newURL: address}) => {
  const {experimentId, full} = route(address);
  seen = location.hash;
  if (panel) panel.show({experimentId, full, address});
  else if (full) open(null, true, address);
});

addEventListener('keydown', (event) => {
  if (event.altKey && event.shiftKey && event.code === 'KeyS' && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    toggle(entry?.firstChild);
  }
});

seen = location.hash;
place();
// MLflow's router may already have dropped the query, so the address that was asked for counts as well.
const asked = [location.href, performance.getEntriesByType('navigation')[0]?.name ?? ''].find((address) => route(address).full);
if (asked) open(null, true, asked);
