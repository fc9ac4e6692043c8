/**
 * Draws source/icons/*.png from icon.svg: `node tools/icons.js [path of a Chromium]`.
 */

import { readFile, writeFile } from "node:fs/promises";
import { getuid } from "node:process";
import puppeteer from "puppeteer-core";

const SIZES = [16, 32, 48, 128];
const folder = new URL("../source/icons/", import.meta.url);

const svg = await readFile(new URL("icon.svg", folder), "utf8");
const browser = await puppeteer.launch({
  executablePath: process.argv[2] ?? "/usr/bin/chromium",
  args: getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  const page = await browser.newPage();
  for (const size of SIZES) {
    await page.setViewport({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${svg}`);
    await writeFile(new URL(`${size}.png`, folder), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
