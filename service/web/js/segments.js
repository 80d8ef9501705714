// Marks that may overlap, cut into pieces that do not; and a text cut into chunks that the browser can skip.

const CHUNK = 2500;

/** Where chunks begin: only after a line end, so that none breaks a line. Offsets are UTF-16 units. */
export function chunkStarts(text, size = CHUNK) {
  const starts = [0];
  let next = size;
  while (next < text.length) {
    const end = text.indexOf("\n", next);
    if (end < 0 || end + 1 >= text.length) break;
    starts.push(end + 1);
    next = end + 1 + size;
  }
  return starts;
}

/**
 * Pieces in order, none overlapping: {start, end, marks, first}. `marks` are those that cover the piece, `first` those
 * that begin with it. A mark without length is a piece without length. `cuts` are places where a piece must end.
 */
export function segments(marks, length, cuts = []) {
  const opening = new Map();
  const points = new Set([0, length, ...cuts]);
  const empty = new Map();
  for (const mark of marks) {
    if (mark.start < 0 || mark.end > length || mark.start > mark.end) continue;
    if (mark.start === mark.end) {
      points.add(mark.start);
      push(empty, mark.start, mark);
      continue;
    }
    points.add(mark.start).add(mark.end);
    push(opening, mark.start, mark);
  }
  const order = [...points].sort((a, b) => a - b);
  const pieces = [];
  let active = [];
  for (let i = 0; i < order.length; i += 1) {
    const start = order[i];
    if (empty.has(start)) pieces.push({ start, end: start, marks: empty.get(start), first: empty.get(start) });
    if (i + 1 === order.length) break;
    const first = opening.get(start) ?? [];
    active = active.filter((mark) => mark.end > start).concat(first);
    pieces.push({ start, end: order[i + 1], marks: active, first });
  }
  return pieces;
}

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}
