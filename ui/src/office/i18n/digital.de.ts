/** Texts of digital receipts in the office, in German. */
export const digitalTexts = {
  section: 'Digitale Belege',
  lead: 'Ein Beleg kann ohne Papier beim Kunden ankommen. Alles hier ist aus, bis es eingeschaltet wird. Der Kunde stimmt zu, indem er scannt oder seine Adresse nennt.',
  page: {
    title: 'Seite zum Beleg (QR-Code)', lead: 'Nach dem Bezahlen zeigt die Kundenanzeige einen Code. Wer ihn scannt, sieht seinen Beleg.',
    none: 'Aus', shop: 'Dieses Geschäft zeigt die Seite selbst', host: 'Ein Rechner außerhalb bewahrt sie verschlüsselt auf',
    by: 'Wo die Seite liegt', address: 'Adresse', shopHint: 'Wie Handys das Geschäft erreichen, zum Beispiel http://192.168.1.10:7080. Tresen muss dafür mit --receipts an dieser Adresse laufen.',
    hostHint: 'Zum Beispiel https://bon.example.org. Dort läuft „tresen receipts“. Der Schlüssel steht nur im QR-Code.',
    days: 'Aufbewahren, Tage', daysHint: '90 bis 3660.', bad: 'Mit http:// oder https:// beginnen, ohne Pfad.',
  },
  mail: {
    title: 'E-Mail', on: 'Belege per E-Mail verschicken', server: 'Server', port: 'Port', security: 'Verschlüsselung',
    securities: { starttls: 'STARTTLS (meist Port 587)', tls: 'TLS (meist Port 465)', none: 'keine (nur ein Server auf diesem Rechner)' },
    user: 'Benutzer', from: 'Absenderadresse', bad: 'Das ist keine Mailadresse.', certificate: 'Eigenes Zertifikat',
    certificateHint: 'Nur für einen eigenen Server, dessen Zertifikat niemand sonst bestätigt: PEM. Sonst leer lassen.',
  },
  sms: {
    title: 'SMS', on: 'Den Link zum Beleg per SMS verschicken', lead: 'Braucht die Seite zum Beleg. Der Anbieter sieht den Link, also auch den Schlüssel darin.',
    kind: 'Anbieter', kinds: { seven: 'seven.io', twilio: 'Twilio', http: 'anderer, über HTTP' }, from: 'Absender', fromHint: 'Eine Nummer, oder höchstens 11 Buchstaben und Ziffern.',
    account: 'Account SID', prefix: 'Vorwahl', prefixHint: 'Für Nummern, die mit einer Null beginnen, zum Beispiel +49.',
    address: 'Adresse', own: 'Andere Adresse', ownHint: 'Nur für den Simulator, sonst leer lassen.', media: 'Art des Inhalts', body: 'Inhalt',
    bodyHint: '{to}, {text} und {secret} stehen für Nummer, Text und Schlüssel.', authorization: 'Kopfzeile Authorization', authorizationHint: 'Zum Beispiel: Bearer {secret}',
  },
  secret: {
    mail: 'Passwort', sms: 'Schlüssel oder Token', page: 'Token für das Hochladen', known: 'Ist hinterlegt. Hier ein neues eingeben.', missing: 'Fehlt noch.', lost: 'Lässt sich nicht mehr öffnen (Sicherung zurückgespielt?). Bitte neu eingeben.',
    lead: 'Liegt versiegelt getrennt von den Einstellungen und wird niemandem wieder gezeigt. Erst die Einstellungen speichern.', tell: 'Übernehmen', told: 'Übernommen.',
  },
  test: { title: 'Testnachricht', lead: 'Mit den gespeicherten Einstellungen. Was daraus wird, steht unten.', mail: 'Mailadresse', sms: 'Handynummer', send: 'Senden', sent: 'Unterwegs.' },
  list: {
    title: 'Nachrichten an Kunden', lead: 'Was wartet, unklar ist oder nicht hinausging, steht oben. Unklares wird nie von selbst noch einmal verschickt.', none: 'Noch keine Nachricht.',
    trial: 'Testnachricht', receipt: (number: string) => `Beleg ${number}`, again: 'Noch einmal senden', now: 'Jetzt versuchen', done: 'Ist angekommen', close: 'Abhaken', forget: 'Adresse löschen',
    next: (at: string) => `nächster Versuch ${at}`, tries: (n: string) => `${n} Versuche`, kept: 'Adresse auf Wunsch gespeichert', reload: 'Aktualisieren',
  },
  send: { title: 'Ohne Papier senden', way: 'Weg', to: 'An', keep: 'Der Kunde möchte, dass die Adresse gespeichert bleibt', go: 'Senden', sent: (to: string) => `Unterwegs an ${to}.`, qr: 'QR-Code zeigen', label: 'QR-Code zum Beleg', coming: 'Die Belegseite ist noch unterwegs.', failed: 'Die Belegseite ließ sich nicht hochladen.' },
};
