/** Code 128, set B, for the test code of the scanner page: drawn here, so that nobody needs a sheet of paper or another origin. ISO/IEC 15417. */

/** Widths of bars and gaps, in turn, of the values 0–102, start B (104 as the last but one) and stop. */
const WIDTHS = (
  '212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132' +
  '221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313' +
  '231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111' +
  '314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111' +
  '111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141' +
  '114131311141411131211412211214211232'
).match(/.{6}/g)!;
const START_B = 104;
const STOP = '2331112';

/** The bars of a text of printable ASCII: where each begins and how wide it is, in modules, without the quiet zones; null for any other text. */
export function code128(text: string): { bars: { at: number; width: number }[]; width: number } | null {
  const values = [...text].map((char) => char.charCodeAt(0) - 32);
  if (values.length === 0 || values.some((value) => value < 0 || value > 94)) return null;
  const check = values.reduce((sum, value, index) => sum + value * (index + 1), START_B) % 103;
  const widths = [START_B, ...values, check].map((value) => WIDTHS[value]!).join('') + STOP;
  const bars: { at: number; width: number }[] = [];
  let at = 0;
  [...widths].forEach((digit, index) => {
    const width = Number(digit);
    if (index % 2 === 0) bars.push({ at, width });
    at += width;
  });
  return { bars, width: at };
}
