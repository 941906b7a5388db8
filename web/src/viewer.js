// Shows a station area, its scenarios and overlays. All data are in the page; nothing is ever fetched.

import * as THREE from "three";
import { MapControls } from "three/addons/controls/MapControls.js";
import { city, hideObjects, ownerAt } from "./city.js";
import { laid, trees } from "./ground.js";
import { hills } from "./hills.js";
import { facts, figures, legend, say, translate } from "./words.js";

const page = window.TWIN;
const by = (id) => document.getElementById(id);
const state = { scenario: 0, overlay: "", hour: page.suns.findIndex((sun) => sun.hour === 15), step: -1 };
if (state.hour < 0) state.hour = Math.floor(page.suns.length / 2);

const canvas = by("scene");
const renderer = new THREE.WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.PCFSoftShadowMap;
renderer.shadowMap.autoUpdate = false;
const scene = new THREE.Scene();
scene.background = new THREE.Color("#dfe8ee");
const camera = new THREE.PerspectiveCamera(35, 1, 2, 12000);
camera.up.set(0, 0, 1);
const controls = new MapControls(camera, canvas);
controls.enableDamping = false;
controls.maxPolarAngle = 1.5;
controls.minDistance = 15;
controls.maxDistance = 5000;
controls.zoomToCursor = true;

const light = new THREE.DirectionalLight("#fff6e6", 2.2);
const sky = new THREE.HemisphereLight("#eaf2ff", "#cfc8ba", 1.15);
const [west, south, east, north] = page.bounds;
const reach = Math.hypot(east - west, north - south) / 2;
const land = hills(page.hills, page.bounds);
const middle = new THREE.Vector3((west + east) / 2, (south + north) / 2, 0);
middle.z = land.at(middle.x, middle.y);
light.castShadow = true;
light.shadow.mapSize.set(4096, 4096);
light.shadow.bias = -0.0006;
light.shadow.normalBias = 0.6;
Object.assign(light.shadow.camera, { left: -reach, right: reach, top: reach, bottom: -reach, near: 1, far: 4 * reach + 500 });
light.target.position.copy(middle);
scene.add(light, light.target, sky);

const base = city(page.base);
scene.add(base);
const variants = page.scenarios.map((scenario) => {
  const group = new THREE.Group();
  const added = city(scenario.added);
  group.add(laid(scenario.ground, page.bounds, 0, 0, land), added, trees(scenario.trees));
  const veils = {};
  for (const overlay of scenario.overlays) {
    const veil = laid(overlay.image, overlay.bounds, 0.25, 0.85, land);
    veil.visible = false;
    veils[overlay.id] = veil;
    group.add(veil);
  }
  group.visible = false;
  scene.add(group);
  return { group, added, veils };
});

const ring = new THREE.LineSegments(new THREE.BufferGeometry(), new THREE.LineBasicMaterial({ color: "#d1495b" }));
ring.renderOrder = 2;
scene.add(ring);

let asked = false;
function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    renderer.render(scene, camera);
  });
}

function resize() {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
  renderer.setSize(width, height, false);
  camera.aspect = width / Math.max(height, 1);
  camera.updateProjectionMatrix();
  draw();
}

function look({ position, target, angle }) {
  camera.position.set(...position);
  controls.target.set(...target);
  camera.fov = angle;
  camera.updateProjectionMatrix();
  controls.update();
  draw();
}

function shine() {
  const sun = page.suns[state.hour];
  const up = sun.altitude > 0;
  const height = THREE.MathUtils.degToRad(Math.max(sun.altitude, 3));
  const around = THREE.MathUtils.degToRad(sun.azimuth);
  const away = new THREE.Vector3(
    Math.sin(around) * Math.cos(height), Math.cos(around) * Math.cos(height), Math.sin(height));
  light.position.copy(middle).addScaledVector(away, 2 * reach + 200);
  light.intensity = up ? 2.2 * Math.min(1, 0.35 + sun.altitude / 30) : 0;
  light.castShadow = up;
  renderer.shadowMap.needsUpdate = true;
  by("hour").value = state.hour;
  by("clock").textContent = `${page.day}, ${String(sun.hour).padStart(2, "0")}:00`;
  by("hour").setAttribute("aria-valuetext", by("clock").textContent);
}

function show() {
  variants.forEach(({ group, veils }, number) => {
    group.visible = number === state.scenario;
    for (const [id, veil] of Object.entries(veils)) veil.visible = id === state.overlay;
  });
  const scenario = page.scenarios[state.scenario];
  hideObjects(base, scenario.gone);
  document.querySelectorAll("#scenarios button").forEach((button, number) =>
    button.setAttribute("aria-pressed", String(number === state.scenario)));
  by("about").textContent = scenario.description;
  by("overlay").value = state.overlay;
  const overlay = scenario.overlays.find((each) => each.id === state.overlay);
  legend(by("legend"), overlay);
  figures(by("figures"), page.scenarios, state.scenario);
  renderer.shadowMap.needsUpdate = true;
  choose(null);
  draw();
}

function choose(hit) {
  const card = by("card");
  card.hidden = hit === null;
  ring.visible = hit !== null;
  if (hit !== null) {
    facts(card, hit.row, () => choose(null));
    ring.geometry.dispose();
    ring.geometry = new THREE.EdgesGeometry(hit.shape, 25);
  }
  draw();
}

const ray = new THREE.Raycaster();
function pick(event) {
  const box = canvas.getBoundingClientRect();
  const at = new THREE.Vector2(
    ((event.clientX - box.left) / box.width) * 2 - 1, 1 - ((event.clientY - box.top) / box.height) * 2);
  ray.setFromCamera(at, camera);
  const hits = ray.intersectObjects([base, variants[state.scenario].added], false);
  choose(hits.length ? ownerAt(hits[0]) : null);
}

function step(number) {
  if (!page.story.length) return;
  state.step = Math.max(0, Math.min(page.story.length - 1, number));
  const told = page.story[state.step];
  const scenario = page.scenarios.findIndex((each) => each.id === told.scenario);
  if (scenario >= 0) state.scenario = scenario;
  if (told.overlay !== null) state.overlay = told.overlay;
  if (told.hour !== null) {
    const hour = page.suns.findIndex((sun) => sun.hour === told.hour);
    if (hour >= 0) state.hour = hour;
  }
  by("step").textContent = `${state.step + 1} / ${page.story.length}  ${told.title}`;
  by("told").textContent = told.text;
  by("back").disabled = state.step === 0;
  by("next").disabled = state.step === page.story.length - 1;
  if (told.camera) look(told.camera);
  shine();
  show();
}

function build() {
  document.title = page.title;
  document.documentElement.lang = page.language ?? "en";
  translate(document.body);
  by("title").textContent = page.title;
  page.scenarios.forEach((scenario, number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = scenario.title;
    button.title = `${scenario.description} (${number + 1})`;
    button.addEventListener("click", () => {
      state.scenario = number;
      show();
    });
    by("scenarios").append(button);
  });
  const choices = [["", say("Nothing")], ...page.scenarios[0].overlays.map((each) => [each.id, each.title])];
  for (const [id, title] of choices) by("overlay").append(new Option(title, id));
  by("overlays").hidden = choices.length === 1;
  by("overlay").addEventListener("change", (event) => {
    state.overlay = event.target.value;
    show();
  });
  by("hour").max = page.suns.length - 1;
  by("hour").addEventListener("input", (event) => {
    state.hour = Number(event.target.value);
    shine();
    draw();
  });
  by("home").addEventListener("click", () => look(page.home));
  by("back").addEventListener("click", () => step(state.step - 1));
  by("next").addEventListener("click", () => step(state.step + 1));
  by("story").hidden = page.story.length === 0;
  by("sources").textContent = [...page.sources, `${page.crs}, ${say("heights: {0}", say(page.heights || "as in the data"))}`].join(" · ");
  let pressed = null;
  canvas.addEventListener("pointerdown", (event) => { pressed = [event.clientX, event.clientY]; });
  canvas.addEventListener("pointerup", (event) => {
    if (pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < 4) pick(event);
    pressed = null;
  });
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === "SELECT") return;
    const number = Number(event.key) - 1;
    if (number >= 0 && number < page.scenarios.length) {
      state.scenario = number;
      show();
    } else if (event.key === "h") look(page.home);
    else if (event.key === "Escape") choose(null);
    else if (event.key === "n") step(state.step + 1);
    else if (event.key === "b") step(state.step - 1);
  });
  controls.addEventListener("change", draw);
  window.addEventListener("resize", resize);
}

build();
resize();
look(page.home);
shine();
show();
if (page.story.length) step(0);
// for tests and for people who write their own pages
window.twin = { state, show, shine, step, look, choose, scene, camera, renderer, page };
