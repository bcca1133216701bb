/** @param {Promise<string>} text @returns {Promise<boolean>} whether it was copied */
export async function copy(text) {
  try {
    // Given as a promise, so that the browser still sees the reader's click as the cause.
    await navigator.clipboard.write([new ClipboardItem({'text/plain': text.then((plain) => new Blob([plain], {type: 'text/plain'}))})]);
    return true;
  } catch {
    return text.then(copyBySelection, () => false);
  }
}

/** For pages that are not served over HTTPS, where browsers give no clipboard. @param {string} text @returns {boolean} */
function copyBySelection(text) {
  const field = document.createElement('textarea');
  field.setAttribute('aria-hidden', 'true');
  field.style.cssText = 'position:fixed;opacity:0';
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
