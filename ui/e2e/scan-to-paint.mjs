/**
 * Types codes as a scanner does and prints the times from the last key to the painted line, in
 * milliseconds, as a JSON array. For the bench: `node scan-to-paint.mjs ADDRESS PIN CODES.json`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const [address, pin, list] = process.argv.slice(2);
const codes = JSON.parse(readFileSync(list, 'utf8'));
const folders = (process.env.PATH ?? '').split(delimiter);
const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => folders.map((folder) => join(folder, name)))
  .find((file) => existsSync(file));
if (!executablePath) throw new Error('no Chromium on the PATH');
const profile = mkdtempSync(join(tmpdir(), 'tresen-bench-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  viewport: { width: 1280, height: 800 },
  locale: 'de-DE',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
  ],
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${address}/till/1`);
  await page.locator('button').filter({ hasText: 'Messung' }).click();
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
  await page.locator('.tile, .find, [role=search]').first().waitFor();
  const measured = () => page.evaluate(() => (window.__tresenScanMs ?? []).length);
  for (const [n, code] of codes.entries()) {
    const before = await measured();
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await page.waitForFunction((count) => (window.__tresenScanMs ?? []).length > count, before);
    if (n % 25 === 24) {
      // A basket of twenty-five lines, then the next customer.
      await page.keyboard.press('F10');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(300);
    }
  }
  process.stdout.write(JSON.stringify(await page.evaluate(() => window.__tresenScanMs ?? [])));
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
