/**
 * How figures are written: one place, so that the panel shows each the same everywhere.
 *
 * - Counts: two significant digits and K, M, B or T after a no-break space.
 * - Compute: one decimal, `.0` dropped: 1e21, 5.1e20.
 * - Figures with an interval: let w be its width. One digit of w is kept where it leads with 3 to 9, two where it leads with 1 or 2;
 *   estimate and bounds are rounded to that place. Law parameters get one digit more, as they are correlated and get copied.
 *
 * @typedef {{estimate: ?number, lower: ?number, upper: ?number}} Interval
 */

export const NBSP = '\u00a0';
const MINUS = '\u2212';
const UNITS = [[1e12, 'T'], [1e9, 'B'], [1e6, 'M'], [1e3, 'K'], [1, '']];
const WITHOUT_INTERVAL_DIGITS = 3;

/** @param {string} text */
const withRealMinus = (text) => text.replace('-', MINUS);

/** Plain decimals, never an exponent, so that 1e-7 and 1e21 stay readable in a sentence. */
export function decimals(value, place) {
  const rounded = Math.round(value / 10 ** place) * 10 ** place;
  return withRealMinus((Object.is(rounded, -0) ? 0 : rounded).toFixed(Math.max(0, Math.min(100, -place))));
}

/** The power of ten of the leading digit, after rounding to `digits` significant digits: 99.7 to two is 1.0e2, so 2. */
export function leadingPlace(value, digits) {
  return Number(Math.abs(value).toExponential(digits - 1).split('e')[1]);
}

/** @param {number} value @param {number} digits */
export function significant(value, digits) {
  if (value === 0) return '0';
  return decimals(value, leadingPlace(value, digits) - digits + 1);
}

/** Two digits, with an exponent where plain decimals would be long. */
function anySize(value) {
  const plain = value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6);
  return plain ? significant(value, 2) : withRealMinus(value.toExponential(1).replace('e+', 'e').replace('.0e', 'e'));
}

/** The decimal place that an interval supports. @param {number} lower @param {number} upper @param {number} extraDigits */
export function placeOf(lower, upper, extraDigits = 0) {
  const width = upper - lower;
  const [digit, exponent] = width.toExponential().split('e');
  return Number(exponent) - (Number(digit[0]) < 3 ? 1 : 0) - extraDigits;
}

/**
 * Estimate and bounds as text. Without bounds (they are on their way) the bounds are null and the estimate has three digits.
 * @param {Interval} interval @param {number} extraDigits
 * @returns {{estimate: ?string, bounds: ?string}}
 */
export function interval({estimate, lower, upper}, extraDigits = 0) {
  if (lower === null || upper === null || lower === undefined || upper === undefined) {
    return {estimate: estimate === null ? null : significant(estimate, WITHOUT_INTERVAL_DIGITS + extraDigits), bounds: null};
  }
  if (lower === upper) {
    const fixed = significant(lower, WITHOUT_INTERVAL_DIGITS + extraDigits);
    return {estimate: fixed, bounds: null};
  }
  const place = placeOf(lower, upper, extraDigits);
  // An interval of many decades would round its own estimate to 0: then each stands by itself.
  const vanishes = estimate && Math.abs(estimate) < 0.5 * 10 ** place;
  const write = (value) => vanishes ? anySize(value) : decimals(value, place);
  return {
    estimate: estimate === null ? null : write(estimate),
    bounds: `[${write(lower)}, ${write(upper)}]`.replaceAll(' ', NBSP),
  };
}

function unitOf(value) {
  const rounded = Number(value.toPrecision(2));
  return UNITS.find(([size]) => rounded >= size) ?? UNITS[UNITS.length - 1];
}

/** 2734567890 is `2.7 B`. @param {number} value */
export function count(value) {
  const [size, letter] = unitOf(value);
  return letter ? `${significant(value / size, 2)}${NBSP}${letter}` : significant(value, 2);
}

/** Runs, refits and the like, with thousands set apart: 1,000. @param {number} value */
export const whole = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** Both bounds in one unit where two digits stay readable, else each in its own. */
function countPair(lower, upper) {
  const [size, letter] = unitOf(upper);
  const one = lower / size >= 0.095;
  return {
    low: one ? significant(lower / size, 2) : count(lower),
    high: one ? significant(upper / size, 2) : count(upper),
    unit: one && letter ? `${NBSP}${letter}` : '',
  };
}

/** `[19, 38] B`. @param {number} lower @param {number} upper */
export function countBounds(lower, upper) {
  const {low, high, unit} = countPair(lower, upper);
  return `[${low},${NBSP}${high}]${unit}`;
}

/** `1.5 to 4.9 B`. @param {number} lower @param {number} upper */
export function countRange(lower, upper) {
  const {low, high, unit} = countPair(lower, upper);
  return `${low}${NBSP}to${NBSP}${high}${unit}`;
}

/** Compute in FLOP, without its unit. @param {number} value */
export function flops(value) {
  const [digits, exponent] = value.toExponential(1).split('e');
  return `${digits.replace('.0', '')}e${Number(exponent)}`;
}

/** A share or spread: 0.00483 is `0.48 %`. @param {number} ratio */
export const percent = (ratio) => `${significant(ratio * 100, 2)}${NBSP}%`;

/** How many times: 7.7 is `7.7×`, and 82672 is `8.3e4×`. @param {number} factor */
export const times = (factor) => `${factor >= 1e4 ? flops(factor) : factor >= 100 ? decimals(factor, 0) : significant(factor, 2)}×`;

/** Time since then: relative under a day, else the date. @param {string} time RFC 3339. @param {number} now In ms. */
export function age(time, now) {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds}${NBSP}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}${NBSP}h ago`;
  return time.slice(0, 10);
}

/** What a person types for a budget: 3e22, 3 E22, 1,000,000. Null unless positive and finite. @param {string} text @returns {?number} */
export function parseBudget(text) {
  const plain = text.replace(/flops?$/i, '').replace(/[\s,_]/g, '').replace('×10^', 'e');
  const value = /^\d*\.?\d+(e\+?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) && value > 0 ? value : null;
}
