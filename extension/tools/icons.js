/**
 * Draws source/icons/*.png and the store's icon from icon.svg: `node tools/icons.js`. With `--check` it draws nothing, and
 * fails where a file is not what icon.svg gives. `CHROMIUM` may name another Chromium.
 */

import { readFile, writeFile } from "node:fs/promises";
import { env, exit, getuid } from "node:process";
import puppeteer from "puppeteer-core";

/** @typedef {{path: string, size: number, margin?: number}} Icon  pixels */

/** @type {Icon[]} */
const ICONS = [
  ...[16, 32, 48, 128].map((size) => ({ path: `source/icons/${size}.png`, size })),
  // The Chrome Web Store wants 96 pixels of picture and as much air around it as its own icons have.
  { path: "../docs/store/icon.png", size: 128, margin: 16 },
];

/** Of 255, by how much a pixel may differ: browsers' versions soften edges differently. */
const TOLERANCE = 32;

const extension = new URL("../", import.meta.url);
const isCheck = process.argv.includes("--check");

const svg = await readFile(new URL("source/icons/icon.svg", extension), "utf8");
const browser = await puppeteer.launch({
  executablePath: env.CHROMIUM ?? "/usr/bin/chromium",
  args: getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const wrong = [];
try {
  const page = await browser.newPage();
  for (const icon of ICONS) {
    const file = new URL(icon.path, extension);
    const drawn = await draw(page, icon);
    if (!isCheck) {
      await writeFile(file, drawn, "base64");
    } else if ((await difference(page, await readFile(file, "base64"), drawn)) > TOLERANCE) {
      wrong.push(icon.path);
    }
  }
} finally {
  await browser.close();
}
if (wrong.length > 0) {
  process.stderr.write(`Not what icon.svg gives: ${wrong.join(", ")}; run node tools/icons.js\n`);
  exit(1);
}

/**
 * @param {import("puppeteer-core").Page} page
 * @param {Icon} icon
 * @returns {Promise<string>} a PNG in base64
 */
async function draw(page, { size, margin = 0 }) {
  await page.setViewport({ width: size, height: size });
  await page.setContent(`<style>body{margin:${margin}px}svg{display:block}</style>${svg}`);
  return page.screenshot({ omitBackground: true, encoding: "base64" });
}

/**
 * @param {import("puppeteer-core").Page} page
 * @param {string} one a PNG in base64
 * @param {string} other
 * @returns {Promise<number>} of 255, by how much the two differ where they differ most
 */
async function difference(page, one, other) {
  return page.evaluate(
    async (...images) => {
      /** @param {string} image */
      const pixels = async (image) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${image}`)).blob());
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext("2d");
        context?.drawImage(bitmap, 0, 0);
        const data = [...(context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [])];
        // What is transparent has no colour.
        return data.map((value, at) => (at % 4 === 3 ? value : (value * (data[at | 3] ?? 0)) / 255));
      };
      const [first = [], second = []] = await Promise.all(images.map(pixels));
      return first.length === second.length
        ? Math.max(...first.map((value, at) => Math.abs(value - (second[at] ?? 0))))
        : 255;
    },
    one,
    other,
  );
}
