/** What the till says, in German. */
import { count } from '../kit/format';

export const till = {
  title: (n: string) => `${n} – Tresen`,
  offline: 'Keine Verbindung zur Kasse. Was gebucht ist, ist sicher; es geht von selbst weiter.',
  lamps: {
    record: 'Beleg sicher', printer: 'Drucker', line: 'Verbindung',
    problems: {
      paper_low: 'Papier fast leer', paper_out: 'Kein Papier', cover_open: 'Deckel offen', unreachable: 'Drucker antwortet nicht',
      error: 'Drucker gestört', unknown: 'Druck unklar', disk_low: 'Speicher fast voll', not_stored: 'Nichts gespeichert', offline: 'Keine Verbindung',
    } as Record<string, string>,
    help: {
      paper_low: 'Das Papier ist fast leer. Bitte eine neue Rolle bereitlegen; gedruckt wird weiter.',
      paper_out: 'Der Drucker hat kein Papier. Verkauft wird weiter, die Belege sind gespeichert und werden nach dem Einlegen gedruckt.',
      cover_open: 'Der Deckel des Druckers ist offen. Bitte schließen; danach wird gedruckt, was wartet.',
      unreachable: 'Der Drucker antwortet nicht. Verkauft wird weiter, die Belege sind gespeichert. Bitte Strom und Kabel prüfen.',
      error: 'Der Drucker meldet eine Störung. Die Belege sind gespeichert. Bitte aus- und wieder einschalten.',
      unknown: 'Ob etwas gedruckt wurde, ist unklar. Es ist gespeichert; im Büro unter „Belege“ klären oder eine Kopie drucken.',
      disk_low: 'Auf dem Rechner wird der Platz knapp. Bitte heute der Leitung melden.',
      not_stored: 'Der letzte Vorgang ließ sich nicht speichern und gilt nicht. Bitte noch einmal versuchen und die Leitung holen.',
      offline: 'Die Verbindung zur Kasse ist unterbrochen. Was gebucht ist, ist sicher; es wird von selbst wieder verbunden.',
    } as Record<string, string>,
    waiting: (n: number) => (n === 1 ? '1 Druck wartet.' : `${count(n)} Drucke warten.`),
  },
  choose_till: { title: 'Welche Kasse ist das?', lead: 'Dieses Gerät merkt sich die Adresse der Kasse.', none: 'Noch ist keine Kasse eingerichtet.', office: 'Zum Büro' },
  setup: { title: 'Das Geschäft ist noch nicht eingerichtet', lead: 'Die Einrichtung dauert wenige Minuten und geschieht im Büro.', go: 'Einrichtung beginnen' },
  unreachable: { title: 'Die Kasse antwortet noch nicht', lead: 'Was gebucht ist, ist sicher. Es wird von selbst weiter versucht.', retry: 'Jetzt versuchen' },
  unknown: { title: 'Diese Kasse gibt es nicht', go: 'Kasse auswählen' },
  sign_in: {
    title: 'Wer ist an der Kasse?', pin: (name: string) => `PIN von ${name}`, go: 'Anmelden', nobody: 'Noch kann sich hier niemand anmelden.',
    saved: 'Offene Bons bleiben gespeichert.', other: 'Andere Person', waiting: (n: number) => `${count(n)} Scans warten und werden nach der Anmeldung gebucht.`,
  },
  open_day: {
    title: (n: number) => `Kassentag ${count(n)} eröffnen`, lead: 'Wie viel Wechselgeld liegt in der Lade?', float: 'Anfangsbestand', go: 'Kassentag eröffnen',
  },
  overdue: (day: string) => `Der Kassentag vom ${day} ist noch offen. Verkaufen geht weiter; bitte bald zählen und abschließen.`,
  overdue_go: 'Abschließen',
  training: 'SCHULUNG – nichts zählt', training_end: 'Schulung beenden',
  receipt: {
    label: 'Bon', number: (n: number) => `Bon ${count(n)}`, other: (what: string) => `Bon ${what}`, parked: (n: number) => `Geparkt: ${count(n)}`, fresh: 'Neuer Bon',
    articles: (n: number) => (n === 1 ? '1 Artikel' : `${count(n)} Artikel`), empty: 'Bereit.', closed: 'Die Kasse ist zu.', closed_hint: 'Mit dem Wechselgeld beginnt der Kassentag.', empty_hint: 'Einfach scannen, tippen oder eine Kachel wählen.',
    each: (price: string, unit: string) => `${price} je ${unit}`, per: (unit: string, price: string) => `${unit} zu ${price}`,
    deposit: (times: string, price: string) => `Pfand ${times} × ${price}`, age: (n: number) => `ab ${n}`, age_ok: (n: number) => `ab ${n} – geprüft`,
    unknown: 'unbekannter Code', hand: 'Gewicht von Hand', instead: (price: string) => `statt ${price}`, returned: (ref: string) => `Rückgabe aus Bon ${ref}`,
    pack: (n: string) => `Gebinde zu ${n}`, discount: (text: string, percent: string) => `${text} ${percent}`,
    saved: 'gespart', tax: 'darin MwSt', total: 'Summe', refund: 'Auszuzahlen', paid: (kind: string) => `${kind} gegeben`, due: 'noch offen', cash: 'Bar',
    discount_all: (reason: string) => `Rabatt auf den Bon – ${reason}`, take_back: 'zurücknehmen', note: 'Notiz',
    cash_due: (amount: string) => `bar gerundet ${amount}`,
    change: 'Rückgeld', exact: 'Passend bezahlt', back: 'Ausgezahlt', given: 'Gegeben', done: (n: string) => `Bon ${n} ist bezahlt und gespeichert.`,
    reprint: 'Beleg drucken', selected: 'ausgewählt',
    said: (name: string, qty: string, price: string, total: string) => `${qty} ${name}, ${price}. Summe ${total}`,
  },
  actions: { quantity: 'Menge', discount: 'Rabatt', price: 'Preis', note: 'Notiz', void: 'Storno' },
  find: {
    placeholder: 'Scannen oder einfach tippen', label: 'Artikel suchen', times: 'n ×', groups: 'Artikelgruppen', favourites: 'Häufig', tiles: 'Artikel',
    nothing: (q: string) => `Nichts gefunden zu „${q}“.`, as_code: (q: string) => `„${q}“ als Code buchen`, results: (n: number) => (n === 1 ? '1 Treffer' : `${count(n)} Treffer`),
    empty_group: 'In dieser Gruppe ist noch kein Artikel.', no_tiles: 'Noch keine Kacheln. Im Büro lassen sich häufige Artikel hierher legen; scannen und tippen geht immer.',
    scale: 'Waage', open_price: 'Preis frei', no_price: 'kein Preis', age: (n: number) => `ab ${n}`, clear_times: 'Menge vorab löschen',
  },
  pay: {
    quick: 'Bar gegeben', exact: 'passend', change: (amount: string) => `zurück ${amount}`, amount: 'Betrag …', amount_hint: 'Zifferntasten', cash: 'Bar', refund: 'Auszahlen',
    park: 'Parken', parked: 'Geparkte', return_: 'Rückgabe', more: 'Mehr', given: 'Gegeben', due: (amount: string) => `Zu zahlen ${amount}`, pay: 'Bar kassieren', title: 'Bar zahlen',
    empty_is_exact: 'Leer lassen heißt: passend gegeben.', undo: 'Zahlung zurücknehmen',
  },
  age: {
    ask: (n: number) => `Ab ${n} – Ausweis geprüft?`, yes: 'Ja, geprüft', void: 'Ware stornieren', hint: 'Bezahlt wird erst danach.',
  },
  question: {
    unknown: (code: string) => `${code} ist unbekannt`, unknown_lead: 'Die Ware kann trotzdem verkauft werden. Der Code wird zum Nachtragen notiert.',
    no_price: (name: string) => `„${name}“ hat heute keinen Preis`, group: 'Gruppe', price: 'Preis für 1 Stück', sell: 'Verkaufen', name: 'Name auf dem Bon (freiwillig)',
    price_of: (name: string) => `Preis für ${name}`, weight_of: (name: string) => `Gewicht von ${name}`, weight: 'Gewicht', drop: 'Weglassen', more: (n: number) => `danach noch ${count(n)}`,
    choose_group: 'Bitte eine Gruppe wählen.',
  },
  line: {
    quantity: (name: string) => `Menge: ${name}`, discount: (name: string) => `Rabatt: ${name}`, price: (name: string) => `Preis: ${name}`, note: (name: string) => `Notiz: ${name}`,
    discount_all: 'Rabatt auf den ganzen Bon', note_all: 'Notiz auf den Bon', how: 'Art', percent: 'Prozent', amount: 'Betrag', reason: 'Grund', reason_other: 'Anderer Grund', set: 'Übernehmen', new_price: 'Neuer Preis',
    remove_discount: 'Rabatt zurücknehmen', bad_number: 'Das ist keine gültige Zahl.', need_reason: 'Bitte einen Grund angeben.', text: 'Text', pieces: 'Stück',
  },
  reasons: ['Kunde', 'Bruch / Mangel', 'Haltbarkeit', 'Kulanz', 'Wechselgeld'],
  times: { title: 'Wie viele?', label: 'Menge vor dem nächsten Scan', go: 'Dann scannen' },
  parked: {
    title: 'Geparkte Bons', park: 'Diesen Bon parken', name: 'Name zum Wiederfinden (freiwillig)', park_go: 'Parken', none: 'Kein Bon ist geparkt.',
    take: 'Holen', lines: (n: number) => (n === 1 ? '1 Position' : `${count(n)} Positionen`), open: 'Offene Bons an dieser Kasse', here: 'offen', go_on: 'Weiter',
  },
  abort: { title: 'Bon abbrechen', lead: 'Der Bon wird verworfen; der Abbruch steht im Journal.', go: 'Bon abbrechen' },
  returns: {
    title: 'Rückgabe', lead: 'Den Code auf dem Bon scannen oder die Nummer eintippen.', number: 'Bonnummer', till: 'Kasse', find: 'Bon suchen',
    of: (n: string) => `Bon ${n}`, left: (n: string) => `noch ${n}`, none_left: 'schon zurück', one: 'Eins zurück', line: 'Zurücknehmen', all: 'Alles zurücknehmen', reprint: 'Kopie drucken',
    without: 'Ohne Beleg', without_lead: 'Artikel suchen, Menge und Grund angeben. Es gilt höchstens der heutige Preis.', item: 'Artikel suchen', go: 'Zurücknehmen', price: 'Preis (leer: heutiger)',
    quantity: 'Menge', done: 'Auf den Bon übernommen.', recent: 'Letzte Bons',
  },
  drawer: {
    paid_in: 'Einlage', paid_out: 'Entnahme', drop: 'Abschöpfung', no_sale: 'Lade öffnen', amount: 'Betrag', reason: 'Grund', book: 'Buchen', booked: 'Gebucht.', opened: 'Die Lade ist offen.',
    lead: {
      paid_in: 'Geld, das in die Lade kommt und kein Verkauf ist.', paid_out: 'Geld, das für eine Ausgabe aus der Lade genommen wird.',
      drop: 'Geld, das in den Tresor oder zur Bank geht.', no_sale: 'Ohne Verkauf öffnen; der Grund wird notiert.',
    },
  },
  count: {
    title: 'Lade zählen', lead: 'Stück je Sorte eingeben. Was drin sein sollte, steht frühestens nach dem Zählen da.', notes: 'Scheine', coins: 'Münzen', go: 'Zählung speichern',
    pieces: (value: string) => `Stück zu ${value}`, counted: 'Gezählt', expected: 'Nach Buch', difference: 'Differenz', fits: 'Die Lade stimmt.',
    more: 'Es ist mehr in der Lade als gebucht.', less: 'Es ist weniger in der Lade als gebucht.', kept: 'Die Zählung ist gespeichert.', again: 'Neu zählen', bad: 'Bitte nur ganze Zahlen eingeben.',
  },
  close: {
    title: (n: number) => `Kassentag ${count(n)} abschließen`, lead: 'Danach beginnt der nächste Kassentag. Die Differenz wird gebucht.', go: 'Jetzt abschließen',
    first_count: 'Zuerst die Lade zählen.', done: (n: number) => `Kassentag ${count(n)} ist abgeschlossen.`, z: (n: number) => `Z-Bericht ${count(n)}`,
    z_hidden: 'Der Z-Bericht ist gespeichert; die Leitung sieht ihn im Büro.', ok: 'Fertig',
  },
  report: {
    x: 'X-Bericht: bisher', turnover: 'Umsatz', receipts: 'Bons', numbers: 'Nummern', tax: 'Steuer', rate: 'Satz', net: 'netto', tax_sum: 'Steuer', gross: 'brutto', groups: 'Gruppen', tenders: 'Zahlarten', cash: 'Bar',
    drawer: 'Bargeld', float: 'Anfangsbestand', in_drawer: 'soll in der Lade sein', paid_in: 'Einlagen', paid_out: 'Entnahmen', drops: 'Abschöpfungen', rounding: 'Rundung',
    discounts: 'Rabatte', returns: 'Rückgaben', deposits_paid: 'Pfand ausgezahlt', voids: 'Storni', aborted: 'Abbrüche', overrides: 'Preisänderungen', no_sales: 'Lade ohne Verkauf', training: 'Schulungsbons', other: 'Außerdem',
    shifts: 'Schichten', amount: 'Betrag', number: 'Anzahl', counted: 'gezählt', difference: 'Differenz', opened: 'eröffnet', closed: 'abgeschlossen',
  },
  approval: { title: 'Freigabe', who: 'Wer gibt frei?', pin: (name: string) => `PIN von ${name}`, go: 'Freigeben', nobody: 'Es ist keine zweite Person eingerichtet.' },
  more: {
    title: 'Mehr', sale: 'Bon', drawer: 'Lade', day: 'Kassentag', device: 'Gerät', receipt_discount: 'Rabatt auf den Bon', note: 'Notiz auf den Bon', abort: 'Bon abbrechen', returns: 'Rückgabe',
    reprint: 'Letzten Beleg drucken', reprinted: 'Die Kopie wird gedruckt.', x: 'X-Bericht', count: 'Lade zählen', close: 'Kassentag abschließen', end_shift: 'Schicht beenden', training_on: 'Schulung beginnen',
    training_off: 'Schulung beenden', lock: 'Sperren', preferences: 'Darstellung und Ton', keys: 'Tasten', office: 'Büro', parked: 'Geparkte Bons', sounds: 'Töne', sounds_on: 'an', sounds_off: 'aus',
    new_basket: 'Neuer Bon daneben',
  },
  keys: {
    title: 'Tasten', list: [
      ['F1', 'diese Liste'], ['F2', 'suchen (oder einfach tippen)'], ['F3', 'Menge vor dem Scan („3 ×“, auch: 3 *)'], ['F4', 'Menge der Position'],
      ['⇧ F4', 'Preis der Position'], ['F5', 'parken, oder Geparkte zeigen'], ['F6', 'Rückgabe'], ['F7', 'Rabatt auf die Position'], ['⇧ F7', 'Rabatt auf den Bon'],
      ['⇧ F2', 'Notiz zur Position'], ['F8', 'mehr'], ['F9', 'bar, passend'], ['F10', 'bar, Betrag eingeben'], ['Alt A', 'Alter ist geprüft'], ['↑ ↓', 'Position wählen'], ['Entf', 'Position stornieren'],
      ['Esc', 'zurück'], ['Alt L', 'sperren'],
    ] as [string, string][],
  },
  queue: {
    late: (n: number) => (n === 1 ? 'Die Antwort dauert. Ihr Scan ist nicht verloren, er wird weiter gesendet.' : `Die Antwort dauert. ${count(n)} Eingaben warten und gehen nicht verloren.`),
    stuck: (n: number) => (n === 1 ? 'Noch keine Antwort. 1 Eingabe wartet; noch einmal senden bucht nichts doppelt.' : `Noch keine Antwort. ${count(n)} Eingaben warten; noch einmal senden bucht nichts doppelt.`),
    again: 'Noch einmal senden',
  },
  status: 'Meldungen',
};
