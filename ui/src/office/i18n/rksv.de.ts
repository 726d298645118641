/** Texts of Austria's RKSV, in German. */
export const rksvTexts = {
  lead: 'Jeder Beleg bekommt einen signierten Code, der an den Beleg davor gekettet ist, bevor er gedruckt wird. Fällt die Signaturerstellungseinheit aus, geht der Verkauf weiter: Die Belege sagen es, und danach kommt von selbst ein Sammelbeleg.',
  none: 'Belege bekommen keinen Code. In Österreich darf so nicht kassiert werden.',
  prefix: 'Anfang der Kassen-ID',
  prefixHint: (name: string) => `Die Kassenidentifikationsnummer der ersten Kasse ist ${name}. Sie steht auf jedem Beleg und in FinanzOnline; sie bleibt, solange die Kasse besteht.`,
  clearText: 'Auf den Bons', codeOnly: 'QR-Code', codeAndText: 'QR-Code und sein Inhalt als Text (OCR)',
  devices: 'Signaturerstellungseinheiten', tills: 'Kassen',
  kinds: { software: 'Software zum Üben', atrust_hsm: 'A-Trust a.sign RK HSM' } as Record<string, string>,
  kind: 'Art', notCertified: 'Keine zugelassene Einheit: nur zum Üben. Jeder Beleg und jeder Export sagt es. Für echte Belege braucht jede Kasse eine neue Kassen-ID.',
  addSoftware: 'Software zum Üben hinzufügen', addAtrust: 'A-Trust hinzufügen',
  newSoftware: 'Übungskarte (Test)', newAtrust: 'A-Trust',
  user: 'Benutzer', userHint: 'Von A-Trust, zum Beispiel u123456789.',
  address: 'Adresse', addressHint: 'Leer: die von A-Trust. Zum Ausprobieren die von tresen simulate atrust.',
  password: 'Passwort', passwordHint: 'Wird versiegelt und niemandem gezeigt.', passwordNeeded: 'Das Passwort fehlt noch.', setPassword: 'Passwort übernehmen', passwordSaved: 'Übernommen.',
  certificate: 'Zertifikat', neverReached: 'Noch nie erreicht.', saveFirst: 'Erst speichern.',
  cashRegister: 'Kassen-ID', ownName: 'Eigene Kassen-ID', ownNameHint: 'Nur nötig, wenn die Kasse neu beginnt: nach dem Üben, nach einem Schlussbeleg, nach einer zurückgespielten Sicherung.',
  states: {
    not_started: 'Noch kein Startbeleg', running: 'Signiert', outage: 'Sicherheitseinrichtung ausgefallen', no_code: 'Belege bekommen keinen Code', closed: 'Außer Betrieb (Schlussbeleg)', restored: 'Aus einer Sicherung: Belege bekommen keinen Code',
  } as Record<string, string>,
  since: (when: string) => `seit ${when}`,
  codes: 'Belege in der Kette', check: 'Prüfwert des Schlüssels', started: 'Startbeleg', saved: 'Zuletzt extern gesichert', never: 'noch nie',
  showKey: 'Schlüssel für FinanzOnline zeigen', key: 'AES-Schlüssel', keySecret: 'Geheim. Nur FinanzOnline braucht ihn. Bewahre einen Ausdruck im Tresor auf: Ohne ihn kann die Kasse nach einem Umzug nicht weiter.',
  keyLost: 'Der Schlüssel des Umsatzzählers fehlt auf diesem Rechner. Trag ihn so ein, wie er in FinanzOnline steht: Bis dahin bekommen Belege keinen Code.', setKey: 'Schlüssel übernehmen',
  startToCheck: 'Der Startbeleg ist mit FinanzOnline (BMF Belegcheck) zu prüfen, sobald Einheit und Kasse dort registriert sind.',
  yearToCheck: (date: string) => `Der Jahresbeleg vom ${date} ist bis 15. Februar mit FinanzOnline (BMF Belegcheck) zu prüfen und auszudrucken.`,
  outageToTell: 'Der Ausfall dauert länger als 48 Stunden: Melde ihn in FinanzOnline.',
  closingToTell: 'Melde die Außerbetriebnahme der Kasse in FinanzOnline.',
  saveDue: 'Das Quartal ist vorbei: Gib den Export aus und speichere ihn auf einem eigenen Datenträger.',
  done: 'Erledigt', notes: { start_checked: 'Geprüft', year_checked: 'Geprüft', outage_told: 'Gemeldet', closing_told: 'Gemeldet', saved: 'Gesichert', seen_without_code: 'Gesehen' } as Record<string, string>,
  withoutCode: (n: number, why: string) => `${n === 1 ? 'Ein Beleg dieser Kasse hat' : `${n} Belege dieser Kasse haben`} keinen Code${why ? `: ${why}` : ''}. Schreib es auf.`,
  restored: 'Das Geschäft kommt aus einer Sicherung: Belege, die danach ausgegeben wurden, fehlen vielleicht in der Kette. Gib der Kasse unten eine neue eigene Kassen-ID; sie beginnt mit einem neuen Startbeleg.',
  notSigned: (why: string) => `Belege bekommen keinen Code: ${why}`,
  notIssued: (kind: string, why: string) => `${kind} nicht erstellt: ${why}`,
  make: 'Beleg erstellen', makeKinds: { zero: 'Nullbeleg', monthly: 'Monatsbeleg', yearly: 'Jahresbeleg', closing: 'Schlussbeleg' } as Record<string, string>,
  closingSure: 'Nach dem Schlussbeleg bekommt diese Kasse keinen Beleg mehr. Wirklich außer Betrieb nehmen?',
  underWay: (kind: string) => `${kind} wird erstellt …`,
  receipts: 'Belege ohne Umsatz', number: 'Nummer', receiptKind: 'Art', at: 'Zeit', signed: 'Signiert', yes: 'ja', no: 'nein', open: 'Ansehen', noReceipts: 'Noch keine.',
  receiptKinds: {
    start: 'Startbeleg', standard: 'Beleg', cancellation: 'Stornobeleg', training: 'Trainingsbeleg', zero: 'Nullbeleg', monthly: 'Monatsbeleg', yearly: 'Jahresbeleg', after_outage: 'Sammelbeleg', closing: 'Schlussbeleg',
  } as Record<string, string>,
  why: {
    unreachable: 'die Einheit antwortet nicht', time_out: 'die Einheit antwortet nicht rechtzeitig', no_answer: 'die Einheit antwortet nicht', not_trusted: 'wer antwortet, weist sich nicht als A-Trust aus', credentials: 'A-Trust nimmt das Passwort nicht',
    user: 'A-Trust kennt den Benutzer nicht', no_password: 'das Passwort fehlt', busy: 'A-Trust ist überlastet', provider: 'A-Trust meldet eine Störung', bad_answer: 'die Antwort ist nicht lesbar', bad_signature: 'die Signatur stimmt nicht',
    self_test: 'der Schlüssel der Übungskarte ist nicht lesbar', key_lost: 'der Schlüssel des Umsatzzählers fehlt', not_started: 'es gibt noch keinen Startbeleg', not_set: 'die RKSV ist nicht eingerichtet', closed: 'die Kasse hat ihren Schlussbeleg', restored: 'die Kette kommt aus einer Sicherung, die Kasse braucht eine neue Kassen-ID', no_device: 'keine Einheit signiert', register: 'die Kassen-ID passt nicht',
    outage: 'die Einheit ist ausgefallen', outage_first: 'zuerst kommt der Sammelbeleg', yearly_instead: 'diesen Monat schließt der Jahresbeleg', must_be_signed: 'er gilt nur mit Signatur', counter_full: 'der Umsatzzähler ist voll', storage: 'der Speicher der Übungskarte lässt sich nicht lesen oder schreiben',
  } as Record<string, string>,
  doesNotSign: (why: string) => `Signiert nicht: ${why}`,
  whyOther: (code: string) => `Störung „${code}“`,
  dep: {
    title: 'Datenerfassungsprotokoll (DEP7)', lead: 'Alle Belege einer Kasse, so wie das Finanzamt sie verlangt (RKSV § 7). Die ganze Kette wird mit allen Signaturen und dem Umsatzzähler geprüft, bevor du sie bekommst.',
    till: 'Kasse', make: 'DEP7 ausgeben', making: 'Wird geprüft und geschrieben', done: 'Geprüft und geschrieben:', none: 'Die RKSV ist nicht eingerichtet (Einstellungen, RKSV).',
    hint: 'Einmal im Quartal auf einem eigenen Datenträger sichern. Jeder kann nachprüfen: tresen verify --dep7 DATEI --key SCHLÜSSEL', keys: 'Schlüsseldatei für das Prüftool (geheim)',
  },
};
export const rksvSettingsErrors = {
  rksv_country: 'Die RKSV gilt nur in Österreich.',
  rksv_prefix: 'Der Anfang der Kassen-ID hat 1 bis 20 Zeichen: A bis Z, a bis z, 0 bis 9 und Bindestrich.',
  rksv_register: 'Eine eigene Kassen-ID hat 1 bis 40 Zeichen (Buchstaben, Ziffern, Bindestrich) und gehört zu einer Kasse, die es gibt.',
  rksv_register_twice: 'Zwei Kassen haben dieselbe Kassen-ID.',
  rksv_register_used: 'Diese Kassen-ID gab es schon: Eine Kassen-ID steht für immer für eine einzige Kette von Belegen.',
  rksv_devices: 'Es braucht mindestens eine und höchstens zehn Signaturerstellungseinheiten.',
  rksv_mixed: 'Software zum Üben und echte Einheiten signieren nicht zusammen.',
  rksv_device_user: 'Eine Einheit von A-Trust braucht ihren Benutzer, Buchstaben und Ziffern.',
  rksv_device_address: 'Die Adresse beginnt mit https://; ohne Verschlüsselung geht es nur auf diesem Rechner (http://127.0.0.1:…).',
  rksv_company: 'Die Übungskarte braucht die UID (ATU und 8 Ziffern) oder die Steuernummer (9 Ziffern) des Geschäfts.',
  rksv_rate: 'In Österreich gibt es 20, 13, 10, 19, 4,9 und 0 %. Ein anderer Satz hat keinen Platz im Code.',
  rksv_removed: 'Die Kassen haben ihre Ketten begonnen: Ohne RKSV darf in Österreich nicht kassiert werden.',
  rksv_system: 'Eine Kasse, die geübt hat, bekommt für echte Belege eine neue Kassen-ID (und umgekehrt).',
} as Record<string, string>;
export const rksvErrors = {
  rksv_not_set: 'Die RKSV ist nicht eingerichtet.', rksv_no_key: 'Der Schlüssel dieser Kasse fehlt.', rksv_bad_key: 'Ein Schlüssel sind 32 Bytes in Base64: 44 Zeichen.', rksv_other_key: 'Mit diesem Schlüssel sind die Belege der Kasse nicht gemacht.', rksv_key_by_itself: 'Der Schlüssel dieser Kasse entsteht von selbst mit ihrem Startbeleg.', rksv_nothing: 'Diese Kasse hat noch keine Belege.',
} as Record<string, string>;
const tills = (n: number): string => (n === 1 ? 'Eine Kasse' : `${n} Kassen`);
export const rksvTodos = {
  rksv_not_set: (n: number) => `${tills(n)} ohne RKSV`, rksv_restored: (n: number) => `${tills(n)} aus einer Sicherung: neue Kassen-ID nötig`,
  rksv_not_started: (n: number) => `${tills(n)} ohne Startbeleg`, rksv_no_code: (n: number) => `${tills(n)} mit Belegen ohne Code`, rksv_outage: (n: number) => `${tills(n)}: Ausfall über 48 Stunden`,
  rksv_start_unchecked: (n: number) => `${tills(n)}: Startbeleg prüfen`, rksv_year_unchecked: (n: number) => `${tills(n)}: Jahresbeleg prüfen`, rksv_closing_untold: (n: number) => `${tills(n)}: Außerbetriebnahme melden`, rksv_unsaved: (n: number) => `${tills(n)}: Quartal sichern`,
};
export const rksvTodoTexts = {
  rksv_not_set: 'Belege bekommen keinen Code. In Österreich darf so nicht kassiert werden.', rksv_restored: 'Belege bekommen keinen Code. In den Einstellungen eine neue Kassen-ID geben.',
  rksv_not_started: 'Keine Einheit hat bisher signiert. In den Einstellungen nachsehen.', rksv_no_code: 'In den Einstellungen ansehen und bestätigen.', rksv_outage: 'In FinanzOnline melden.',
  rksv_start_unchecked: 'Mit dem BMF Belegcheck gegen FinanzOnline prüfen.', rksv_year_unchecked: 'Bis 15. Februar mit dem BMF Belegcheck prüfen und ausdrucken.', rksv_closing_untold: 'In FinanzOnline melden.', rksv_unsaved: 'DEP7 ausgeben und auf einem eigenen Datenträger sichern.',
};
