/**
 * Colour maps for values in [0, 1]. In the OKLab space (Ottosson 2020) lightness rises evenly, so
 * lightness alone shows the order. The first map is the one of the secondary captures.
 */
export const COLOURS = {
  capture: {lightness: [0.42, 0.89], chroma: [0.13, 0.173], hue: [300, 464]},
  cool: {lightness: [0.4, 0.92], chroma: [0.12, 0.1], hue: [268, 150]},
  grey: {lightness: [0.35, 1], chroma: [0, 0], hue: [0, 0]},
};

/** @returns 256 colours, [red, green, blue] of 0 to 255 each */
export function table({lightness, chroma, hue}) {
  const between = ([from, to], t) => from + (to - from) * t;
  return Array.from({length: 256}, (_, i) => {
    const t = i / 255;
    const angle = between(hue, t) * Math.PI / 180;
    const c = between(chroma, t);
    return srgb(between(lightness, t), c * Math.cos(angle), c * Math.sin(angle));
  });
}

export function colour(colours, value) {
  return colours[Math.round(Math.max(0, Math.min(1, value)) * 255)];
}

/** Mixes two colours; the share of the upper one is in [0, 1]. */
export function mix(under, over, share) {
  return under.map((u, i) => Math.round(u + (over[i] - u) * share));
}

export const css = rgb => `rgb(${rgb.join(' ')})`;

/** Relative luminance (WCAG 2.2). */
export function luminance(rgb) {
  const [r, g, b] = rgb.map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function srgb(lightness, a, b) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3;
  return [
    channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
  ];
}

/** IEC 61966-2-1. */
function channel(linear) {
  const c = Math.max(0, Math.min(1, linear));
  return Math.round((c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055) * 255);
}
