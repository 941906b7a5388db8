// What lies on the ground: pictures of it, and trees.

import * as THREE from "three";
import { numbers } from "./city.js";

// A picture over bounds (west, south, east, north); clear where it is clear. opacity 0: solid ground.
export function flat(image, [west, south, east, north], height, opacity) {
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
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(east - west, north - south), material);
  mesh.position.set((west + east) / 2, (south + north) / 2, height);
  mesh.receiveShadow = solid;
  mesh.renderOrder = solid ? 0 : 1;
  return mesh;
}

// east, north, height, crown of each. [m]
export function trees(text) {
  const places = numbers(text, Float32Array);
  const count = places.length / 4;
  const group = new THREE.Group();
  const crowns = new THREE.InstancedMesh(
    new THREE.IcosahedronGeometry(0.5, 1),
    new THREE.MeshStandardMaterial({ color: "#6f9a55", roughness: 1, flatShading: true }), count);
  const trunks = new THREE.InstancedMesh(
    new THREE.CylinderGeometry(0.5, 0.5, 1, 6).rotateX(Math.PI / 2),
    new THREE.MeshStandardMaterial({ color: "#7a634c", roughness: 1 }), count);
  const matrix = new THREE.Matrix4();
  for (let i = 0; i < count; i++) {
    const [x, y, height, crown] = places.subarray(4 * i, 4 * i + 4);
    const deep = Math.min(crown * 1.2, height * 0.75);
    matrix.makeScale(crown, crown, deep).setPosition(x, y, height - deep / 2);
    crowns.setMatrixAt(i, matrix);
    const trunk = Math.max(height - deep * 0.7, 0.5);
    matrix.makeScale(0.35, 0.35, trunk).setPosition(x, y, trunk / 2);
    trunks.setMatrixAt(i, matrix);
  }
  crowns.castShadow = trunks.castShadow = true;
  group.add(crowns, trunks);
  return group;
}
