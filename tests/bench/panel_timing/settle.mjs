const QUIET_MS = 400;
const MOST_LOOKS = 25;

/** Resolves when nothing has been asked of the server for a while. @param {{page: import('playwright-core').Page, requests: string[]}} view */
export async function settle({page, requests}) {
  for (let look = 0, count = -1; look < MOST_LOOKS && count !== requests.length; look++) {
    count = requests.length;
    await page.waitForTimeout(QUIET_MS);
  }
}
