/** Texts of the camera, in German. */
export const de = {
  title: 'Mit der Kamera scannen',
  close: 'Kamera ausschalten',
  picture: 'Bild der Kamera',
  starting: 'Die Kamera wird eingeschaltet …',
  hold: 'Den Code vor die Kamera halten. Für ein weiteres Stück kurz wegnehmen.',
  last: 'Gelesen:',
  denied: 'Der Browser darf die Kamera nicht benutzen. Auf das Schloss oder Kamerasymbol in der Adresszeile tippen, die Kamera erlauben und noch einmal versuchen.',
  missing: 'An diesem Gerät ist keine Kamera. Ein Scanner oder die Eingabe von Hand geht immer.',
  insecure: 'Browser geben die Kamera nur an Seiten, die über https oder von diesem Rechner selbst kommen. Die Adresse der Kasse mit https öffnen.',
  busy: 'Die Kamera antwortet nicht: Ein anderes Programm benutzt sie, oder sie wurde abgezogen.',
  failed: 'Die Kamera lässt sich nicht benutzen. Ein Scanner oder die Eingabe von Hand geht immer.',
  again: 'Noch einmal versuchen',
};
