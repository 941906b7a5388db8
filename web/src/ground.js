// What lies on the ground: pictures of it, and trees.

import * as THREE from "three";
import { numbers } from "./city.js";

// A picture over bounds (west, south, east, north) on the ground, `height` above it; clear where it is clear.
// opacity 0: solid ground.
export function laid(image, [west, south, east, north], height, opacity, land) {
  const texture = new THREE.Texture();
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.anisotropy = 8;
  const picture = new Image();
  picture.addEventListener("load", () => {
    texture.image = picture;
    texture.needsUpdate = true;
    window.dispatchEvent(new Event("resize"));
  });
  picture.src = image;
  const solid = opacity === 0;
  if (!solid) texture.magFilter = THREE.NearestFilter;
  const material = solid
    ? new THREE.MeshStandardMaterial({ map: texture, roughness: 1, metalness: 0 })
    : new THREE.MeshBasicMaterial({ map: texture, transparent: true, opacity, depthWrite: false });
  const [across, along] = [(west + east) / 2, (south + north) / 2];
  const shape = new THREE.PlaneGeometry(east - west, north - south, land.columns - 1, land.rows - 1);
  if (land.shaped) {
    const places = shape.getAttribute("position");
    for (let i = 0; i < places.count; i++) {
      places.setZ(i, land.at(places.getX(i) + across, places.getY(i) + along));
    }
    shape.computeVertexNormals();
  }
  const mesh = new THREE.Mesh(shape, material);
  mesh.position.set(across, along, height);
  mesh.receiveShadow = solid;
  mesh.renderOrder = solid ? 0 : 1;
  return mesh;
}

// east, north, height, crown of each, and the ground it stands on. [m]
export function trees(text) {
  const places = numbers(text, Float32Array);
  const count = places.length / 5;
  const group = new THREE.Group();
  const crowns = new THREE.InstancedMesh(
    new THREE.IcosahedronGeometry(0.5, 1),
    new THREE.MeshStandardMaterial({ color: "#6f9a55", roughness: 1, flatShading: true }), count);
  const trunks = new THREE.InstancedMesh(
    new THREE.CylinderGeometry(0.5, 0.5, 1, 6).rotateX(Math.PI / 2),
    new THREE.MeshStandardMaterial({ color: "#7a634c", roughness: 1 }), count);
  const matrix = new THREE.Matrix4();
  for (let i = 0; i < count; i++) {
    const [x, y, height, crown, foot] = places.subarray(5 * i, 5 * i + 5);
    const deep = Math.min(crown * 1.2, height * 0.75);
    matrix.makeScale(crown, crown, deep).setPosition(x, y, foot + height - deep / 2);
    crowns.setMatrixAt(i, matrix);
    const trunk = Math.max(height - deep * 0.7, 0.5);
    matrix.makeScale(0.35, 0.35, trunk).setPosition(x, y, foot + trunk / 2);
    trunks.setMatrixAt(i, matrix);
  }
  crowns.castShadow = trunks.castShadow = true;
  group.add(crowns, trunks);
  return group;
}
