/** What the pages about Austria's tills share. */
import { dateTime } from '../../kit/format';
import { t } from '../i18n';
import type { RksvRegister } from '../lib/reads';

/** Outages that are over and of which FinanzOnline does not know, in words. */
export const outageTexts = (outages: RksvRegister['outages_to_tell']): string =>
  outages.map((outage) => t().rksv.outageOver(dateTime(outage.from), dateTime(outage.until), outage.begin_told)).join(' ');

/** What a DEP7 is not, in words (`x-tresen-marks`). */
export const markTexts = (marks: string[]): string[] => marks.map((mark) => t().rksv.dep.marks[mark] ?? mark);
