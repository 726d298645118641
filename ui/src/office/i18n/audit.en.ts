import type { auditTexts as german } from './audit.de';

/** Texts of the export for a tax audit, in English. */
export const auditTexts: typeof german = {
  title: 'Till data for the tax office',
  lead: 'The closed till days as a package by DSFinV-K 2.4. It is read again and verified with all signatures before you get it.',
  from: 'From', to: 'To',
  make: 'Export DSFinV-K',
  making: 'Being written and verified',
  done: 'Written and verified:',
  notCertified: 'TEST: it holds records that no certified TSE signed. The package itself says so, too (index.xml).',
  hint: 'Anybody can verify the package again: tresen verify --dsfinvk FILE',
};
