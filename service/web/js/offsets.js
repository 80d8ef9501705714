// The service counts code points; JavaScript counts UTF-16 units, of which a character beyond U+FFFF takes two.

/** Both ways of counting in one text. */
export class Offsets {
  constructor(text) {
    this.text = text;
    // For each character that takes two units: how many code points stand before it, and how many units.
    this.points = [];
    this.units = [];
    for (let unit = 0; unit < text.length; unit += 1) {
      const code = text.charCodeAt(unit);
      if (code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(unit + 1))) {
        this.points.push(unit - this.points.length);
        this.units.push(unit);
        unit += 1;
      }
    }
  }

  /** Code points of the whole text. */
  get length() {
    return this.text.length - this.points.length;
  }

  /** Where in the JavaScript string the code point number `point` begins. */
  unit(point) {
    return point + before(this.points, point);
  }

  /** The number of the code point that begins at a place of the JavaScript string. */
  point(unit) {
    return unit - before(this.units, unit);
  }

  /** The text of a range of code points. */
  slice(start, end) {
    return this.text.slice(this.unit(start), this.unit(end));
  }
}

function isLow(code) {
  return code >= 0xdc00 && code < 0xe000;
}

/** How many of these ascending numbers are smaller. */
function before(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
