// Buildings: one mesh, whose triangles know whose they are.

import * as THREE from "three";

export function numbers(text, Kind) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Kind(bytes.buffer);
}

export function city(data) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(numbers(data.positions, Float32Array), 3));
  geometry.setAttribute("color", new THREE.BufferAttribute(numbers(data.colours, Uint8Array), 3, true));
  const triangles = numbers(data.triangles, Uint32Array);
  const owners = numbers(data.owners, Uint32Array);
  geometry.setIndex(new THREE.BufferAttribute(triangles.slice(), 1));
  const material = new THREE.MeshStandardMaterial({
    vertexColors: true, flatShading: true, roughness: 0.95, metalness: 0, side: THREE.DoubleSide,
  });
  const mesh = new THREE.Mesh(geometry, material);
  mesh.castShadow = mesh.receiveShadow = true;
  mesh.userData = { triangles, owners, shown: owners, rows: data.rows };
  return mesh;
}

export function hideObjects(mesh, gone) {
  const { triangles, owners } = mesh.userData;
  const away = new Set(gone);
  const kept = [];
  for (let i = 0; i < owners.length; i++) if (!away.has(owners[i])) kept.push(i);
  const index = new Uint32Array(kept.length * 3);
  kept.forEach((from, to) => index.set(triangles.subarray(3 * from, 3 * from + 3), 3 * to));
  mesh.userData.shown = Uint32Array.from(kept, (i) => owners[i]);
  mesh.geometry.setIndex(new THREE.BufferAttribute(index, 1));
  mesh.geometry.computeBoundingSphere();
}

export function ownerAt(hit) {
  const { shown, rows } = hit.object.userData;
  const owner = shown[hit.faceIndex];
  const index = hit.object.geometry.index.array;
  const own = [];
  for (let i = 0; i < shown.length; i++) if (shown[i] === owner) own.push(...index.subarray(3 * i, 3 * i + 3));
  const place = hit.object.geometry.getAttribute("position").array;
  const shape = new THREE.BufferGeometry();
  shape.setAttribute("position", new THREE.Float32BufferAttribute(own.flatMap((i) => [...place.subarray(3 * i, 3 * i + 3)]), 3));
  return { row: rows[owner], shape };
}
