// Opens a written page as a person would, from a file, and says what happened there as JSON.

import puppeteer from "puppeteer-core";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [folder, browserPath, pictures] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
});
const page = await browser.newPage();
// small where nobody looks at pictures of it: a processor draws each pixel
await page.setViewport(pictures ? { width: 1280, height: 760 } : { width: 900, height: 540 });
const errors = [];
const requests = [];
page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
page.on("pageerror", (error) => errors.push(String(error)));
page.on("request", (request) => { if (!request.url().startsWith("data:")) requests.push(request.url()); });

const settle = () => page.evaluate(() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))));
const shot = async (name) => {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
};
// how many pixels of the scene differ from what they were
let before = null;
const changed = async () => {
  const now = await page.evaluate(() => {
    window.twin.renderer.render(window.twin.scene, window.twin.camera);
    const gl = window.twin.renderer.getContext();
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    const found = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, found);
    const thin = [];
    for (let i = 0; i < found.length; i += 16) thin.push(found[i], found[i + 1], found[i + 2]);
    return thin;
  });
  let count = 0;
  if (before) for (let i = 0; i < now.length; i += 3) {
    if (Math.abs(now[i] - before[i]) + Math.abs(now[i + 1] - before[i + 1]) + Math.abs(now[i + 2] - before[i + 2]) > 24) count++;
  }
  const kinds = new Set();
  for (let i = 0; i < now.length; i += 3) kinds.add((now[i] >> 4) * 256 + (now[i + 1] >> 4) * 16 + (now[i + 2] >> 4));
  before = now;
  return { share: count / (now.length / 3), colours: kinds.size };
};

const told = {};
await page.goto(pathToFileURL(path.join(folder, "index.html")).href, { waitUntil: "load" });
await page.waitForFunction("window.twin");
await settle();
await page.evaluate(() => document.activeElement.blur());
told.title = await page.title();
told.first = await changed();
await shot("first");
told.scenarios = await page.$$eval("#scenarios button", (all) => all.map((each) => each.textContent));
const last = told.scenarios.length;
await page.click(`#scenarios button:nth-child(${last})`);
await settle();
told.switched = { ...(await changed()), pressed: await page.$eval(`#scenarios button:nth-child(${last})`, (b) => b.getAttribute("aria-pressed")) };
await shot("switched");
await page.keyboard.press("1");
await settle();
told.by_key = await page.evaluate(() => window.twin.state.scenario);
await changed();
told.overlays = await page.$$eval("#overlay option", (all) => all.map((each) => each.value));
if (told.overlays.length > 1) {
  await page.select("#overlay", told.overlays[1]);
  await settle();
  told.overlay = { ...(await changed()), legend: await page.$eval("#legend", (l) => l.textContent) };
  await shot("overlay");
  await page.select("#overlay", "");
  await settle();
  await changed();
}
await page.$eval("#hour", (slider) => {
  slider.value = Number(slider.max) - 2;
  slider.dispatchEvent(new Event("input"));
});
await settle();
told.evening = await changed();
await shot("evening");
// a building that is seen: go over the picture until one answers
const box = await (await page.$("#scene")).boundingBox();
for (let i = 0; i < 40 && !told.building; i++) {
  await page.mouse.click(box.x + box.width * (0.45 + 0.1 * ((i * 7) % 5) / 5), box.y + box.height * (0.25 + 0.012 * i));
  await settle();
  told.building = await page.$eval("#card", (card) => (card.hidden ? "" : card.textContent));
}
await shot("building");
await page.keyboard.press("Escape");
await settle();
told.closed = await page.$eval("#card", (card) => card.hidden);
told.steps = await page.evaluate(() => window.twin.page.story.length);
if (told.steps > 1) {
  await page.click("#next");
  await settle();
  told.step = await page.$eval("#step", (each) => each.textContent);
  await shot("story");
}
told.language = await page.evaluate(() => document.documentElement.lang);
told.controls = await page.$$eval("button, label, summary, canvas, [aria-label]", (all) => all.map((each) =>
  [each.textContent, each.title, each.getAttribute("aria-label")].filter(Boolean).join(" ").trim()));
told.figures = await page.$eval("#figures", (table) => table.textContent);
told.sources = await page.$eval("#sources", (each) => each.textContent);
told.nameless = await page.$$eval("button, select, input, canvas", (all) => all.filter((each) =>
  !(each.textContent.trim() || each.getAttribute("aria-label") || each.labels?.length)).map((each) => each.outerHTML));
told.errors = errors;
told.requests = requests;
await browser.close();
console.log(JSON.stringify(told));
