/** What a piece holds, as it is typed in: a number and its unit. The API knows grams, millilitres, millimetres and square centimetres. */
import { parseMinor } from '../../kit/parse';
import type { Content } from '../lib/types';
import { typed } from '../lib/typed';

/** Each unit: the API's, and how many digits behind the decimal sign lead there (1,5 kg is 1500 g). */
export const contentUnits = {
  g: { unit: 'gram', digits: 0 }, kg: { unit: 'gram', digits: 3 },
  ml: { unit: 'millilitre', digits: 0 }, l: { unit: 'millilitre', digits: 3 },
  mm: { unit: 'millimetre', digits: 0 }, m: { unit: 'millimetre', digits: 3 },
  'cm²': { unit: 'square_centimetre', digits: 0 }, 'm²': { unit: 'square_centimetre', digits: 4 },
} as const;
export type ContentUnitText = keyof typeof contentUnits;

/** As it was read; one kilogram and more in kilograms. */
export function contentText(content: Content | null | undefined): { content: string; content_unit: ContentUnitText } {
  if (!content) return { content: '', content_unit: 'g' };
  const fitting = (Object.entries(contentUnits) as [ContentUnitText, { unit: string; digits: number }][]).filter(([, of]) => of.unit === content.unit);
  const large = fitting.find(([, of]) => of.digits > 0 && String(content.net).length > of.digits);
  const [name, of] = large ?? fitting[0] ?? ['g', contentUnits.g];
  return { content: typed(content.net, of.digits, 0), content_unit: name };
}

/** Null: no such number. */
export function contentOf(text: string, unit: ContentUnitText): Content | null {
  const net = parseMinor(text, contentUnits[unit].digits);
  return net === null || net < 1 ? null : { net, unit: contentUnits[unit].unit };
}
