/** Texts of the export for a tax audit, in German. */
export const auditTexts = {
  title: 'Kassendaten für das Finanzamt',
  lead: 'Die abgeschlossenen Kassentage als Paket nach DSFinV-K 2.4. Es wird wieder gelesen und mit allen Signaturen geprüft, bevor du es bekommst.',
  from: 'Von', to: 'Bis',
  make: 'DSFinV-K ausgeben',
  making: 'Wird geschrieben und geprüft',
  done: 'Geschrieben und geprüft:',
  notCertified: 'TEST: Darin sind Vorgänge, die keine zertifizierte TSE signiert hat. Das steht auch im Paket selbst (index.xml).',
  hint: 'Jeder kann das Paket noch einmal prüfen: tresen verify --dsfinvk DATEI',
};
