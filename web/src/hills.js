// The shape of the ground: heights over the bounds of the page, or 0 everywhere.

import { numbers } from "./city.js";

export function hills(data, [west, south, east, north]) {
  if (!data) return { at: () => 0, columns: 2, rows: 2, shaped: false };
  const { rows, columns } = data;
  const heights = numbers(data.heights, Float32Array);
  const at = (x, y) => {
    const column = Math.min(Math.max(((x - west) / (east - west)) * (columns - 1), 0), columns - 1);
    const row = Math.min(Math.max(((north - y) / (north - south)) * (rows - 1), 0), rows - 1);
    const left = Math.min(Math.floor(column), columns - 2);
    const top = Math.min(Math.floor(row), rows - 2);
    const [u, v] = [column - left, row - top];
    const height = (r, c) => heights[r * columns + c];
    return (height(top, left) * (1 - u) + height(top, left + 1) * u) * (1 - v)
      + (height(top + 1, left) * (1 - u) + height(top + 1, left + 1) * u) * v;
  };
  return { at, columns, rows, shaped: true };
}
