/** What a card payment says, in German: at the till, on the customer's display and in the office. */
export const payments = {
  /** The truth light. */
  truth: { running: 'läuft', charged: 'belastet', not_charged: 'nicht belastet', unknown: 'ungeklärt' },
  /** What a terminal says while it is asked, by code. */
  progress: {
    starting: 'Das Terminal wird angesprochen.', waiting: 'Bitte Karte ans Terminal halten oder stecken.', connecting: 'Das Terminal wird angerufen.',
    finding_out: 'Das Terminal wird gefragt, was daraus geworden ist.', approved: 'Genehmigt. Der Bon wird abgeschlossen.', declined: 'Abgelehnt. Das Terminal beendet den Vorgang.',
    aborted: 'Abgebrochen. Das Terminal beendet den Vorgang.', insert_card: 'Bitte Karte ans Terminal halten oder stecken.', remove_card: 'Bitte die Karte entnehmen.',
    see_pin_pad: 'Bitte den Anweisungen am Terminal folgen.', wrong_pin: 'Die PIN war falsch. Bitte noch einmal eingeben.', pin_tries_exceeded: 'Die PIN war zu oft falsch.',
    wait_for_amount: 'Das Terminal wartet auf den Betrag.', wait_for_host: 'Die Bank wird gefragt. Einen Moment.', wait_for_cashier: 'Das Terminal wartet auf eine Eingabe der Kasse.',
    please_wait: 'Einen Moment, das Terminal arbeitet.', auto_reversal: 'Das Terminal nimmt einen unfertigen Vorgang zurück.', post_bookings: 'Das Terminal holt Buchungen nach.',
    auto_end_of_day: 'Das Terminal macht seinen Kassenschnitt.', auto_diagnosis: 'Das Terminal prüft seine Verbindung.', auto_initialisation: 'Das Terminal richtet sich neu ein.',
    service: 'Am Terminal ist das Service-Menü offen.', emergency: 'Das Terminal arbeitet im Notbetrieb.', journal_full: 'Der Speicher des Terminals ist voll. Es braucht einen Kassenschnitt.',
    choose_currency: 'Am Terminal wird die Währung gewählt.', choose_language: 'Am Terminal wird die Sprache gewählt.', choose_application: 'Am Terminal wird die Art der Karte gewählt.',
    choose_dcc: 'Am Terminal wird gewählt, in welcher Währung belastet wird.', selection: 'Am Terminal wird etwas ausgewählt.', dialling: 'Das Terminal wählt sich ein.',
    connected: 'Das Terminal ist mit der Bank verbunden.', see_text: 'Das Terminal zeigt eine Meldung.', unknown: 'Das Terminal arbeitet.',
  },
  /** Why no money moved, by code. */
  ended: {
    customer: 'Am Terminal wurde abgebrochen.', cashier: 'An der Kasse wurde abgebrochen.', cancelled: 'Am Terminal wurde abgebrochen, oder es kam keine Karte.',
    not_booked: 'Das Terminal hat nachgesehen: es hat nichts davon gebucht.', not_stored: 'Das Ergebnis ließ sich nicht speichern; das Terminal hat es zurückgenommen.',
    unreachable: 'Das Terminal ist nicht zu erreichen.', busy: 'Das Terminal ist gerade beschäftigt.', not_registered: 'Das Terminal hat die Kasse nicht angenommen.',
    wrong_password: 'Das Kennwort des Terminals stimmt nicht.', wrong_currency: 'Das Terminal führt eine andere Währung.', other_terminal: 'Unter der Adresse antwortet ein anderes Terminal.',
    no_answer: 'Das Terminal antwortet nicht.', silence: 'Das Terminal antwortet nicht.', not_ready: 'Das Terminal ist nicht bereit.', closed: 'Das Terminal hat die Verbindung beendet, bevor etwas begonnen hatte.',
    bad_certificate: 'Das Terminal konnte sich nicht ausweisen: sein Zertifikat ist nicht das erwartete.', bad_settings: 'Zu diesem Terminal fehlen Angaben in den Einstellungen.',
    bad_amount: 'Mit diesem Betrag kann das Terminal nichts anfangen.', bad_reference: 'Das Terminal findet die alte Zahlung nicht.',
    approved: 'Das Terminal meldet nichts Genaueres.', declined_by_host: 'Die Bank hat abgelehnt.', wrong_pin: 'Die PIN war falsch.',
    card_unreadable: 'Die Karte ließ sich nicht lesen.', card_data_missing: 'Auf der Karte fehlen Daten.', processing_error: 'Im Terminal ist ein Fehler passiert.',
    not_for_debit_cards: 'Das geht mit girocard nicht.', not_for_credit_cards: 'Das geht mit Kreditkarten nicht.', turnover_file_full: 'Der Speicher des Terminals ist voll.',
    card_blocked: 'Die Karte ist gesperrt.', credit_insufficient: 'Das Guthaben der Karte reicht nicht.', chip_error: 'Der Chip der Karte ist gestört.', card_data_wrong: 'Die Daten der Karte stimmen nicht.',
    dukpt_exhausted: 'Dem Terminal fehlt ein neuer Schlüssel.', text_not_authentic: 'Das Terminal konnte einen Text nicht prüfen.', card_not_in_whitelist: 'Diese Karte nimmt das Terminal nicht.',
    end_of_day_impossible: 'Der Kassenschnitt am Terminal ging nicht.', card_expired: 'Die Karte ist abgelaufen.', card_not_yet_valid: 'Die Karte ist noch nicht gültig.', card_unknown: 'Diese Karte kennt das Terminal nicht.',
    fallback_impossible_girocard: 'Der Magnetstreifen geht mit dieser girocard nicht.', fallback_impossible: 'Der Magnetstreifen geht mit dieser Karte nicht.', communication_error: 'Die Verbindung zur Bank war gestört.',
    fallback_only_girocard: 'Der Magnetstreifen geht nur mit girocard.', initialisation_required: 'Das Terminal muss erst neu eingerichtet werden.', function_impossible: 'Das kann dieses Terminal nicht.',
    key_missing: 'Dem Terminal fehlt ein Schlüssel.', pin_pad_defective: 'Das Tastenfeld des Terminals ist defekt.', protocol_error: 'Kasse und Terminal haben sich nicht verstanden.',
    dial_error: 'Das Terminal konnte sich nicht einwählen.', receiver_not_ready: 'Die Gegenstelle des Terminals ist nicht bereit.', remote_silent: 'Die Bank antwortet dem Terminal nicht.',
    no_connection: 'Das Terminal hat keine Verbindung zur Bank.', geldkarte_submission_impossible: 'Das Einreichen der GeldKarte ging nicht.', forbidden_by_pci: 'Das verbieten die Sicherheitsregeln der Karten.',
    memory_full: 'Der Speicher des Terminals ist voll.', journal_full: 'Der Speicher des Terminals ist voll. Es braucht einen Kassenschnitt.', already_reversed: 'Diese Zahlung ist schon zurückgenommen.',
    reversal_impossible: 'Diese Zahlung lässt sich am Terminal nicht zurücknehmen.', preauth_amount_wrong: 'Der Betrag passt nicht zur Reservierung.', preauth_error: 'Mit der Reservierung stimmt etwas nicht.',
    voltage_low: 'Das Terminal hat zu wenig Strom.', card_lock_defective: 'Der Kartenleser des Terminals ist defekt.', merchant_card_locked: 'Die Händlerkarte ist gesperrt.', diagnosis_required: 'Das Terminal muss erst seine Verbindung prüfen.',
    amount_too_high: 'Der Betrag ist für die Karte oder das Terminal zu hoch.', card_profile_invalid: 'Das Profil der Karte passt nicht.', payment_method_unsupported: 'Diese Zahlungsart nimmt das Terminal nicht.',
    currency_unsupported: 'Diese Währung nimmt das Terminal nicht.', amount_too_small: 'Der Betrag ist für die Karte zu klein.', limit_too_small: 'Das Limit am Terminal ist zu klein.', only_in_euro: 'Das geht nur in Euro.',
    printer_not_ready: 'Der Drucker des Terminals ist nicht bereit.', cashback_impossible: 'Bargeld auszahlen geht mit dieser Karte nicht.', not_for_bank_cards: 'Das geht mit Bankkarten nicht.',
    card_inserted: 'Im Terminal steckt noch eine Karte.', card_eject_error: 'Das Terminal gibt die Karte nicht heraus.', card_insert_error: 'Das Terminal konnte die Karte nicht einziehen.', out_of_order: 'Das Terminal ist außer Betrieb.',
    remote_maintenance: 'Das Terminal wird gerade gewartet.', card_reader_silent: 'Der Kartenleser antwortet nicht.', shutter_closed: 'Der Kartenschlitz ist zu.', activation_required: 'Das Terminal muss erst freigeschaltet werden.',
    goods_group_unknown: 'Die Warengruppe ist dem Terminal unbekannt.', goods_groups_missing: 'Im Terminal fehlen die Warengruppen.', restriction_code_forbidden: 'Diese Ware darf mit der Karte nicht bezahlt werden.',
    card_code_forbidden: 'Diese Karte ist hier nicht zugelassen.', pin_algorithm_unknown: 'Das Terminal kann die PIN dieser Karte nicht prüfen.', pin_impossible: 'Die PIN-Eingabe ist nicht möglich.', pin_pad_error: 'Das Tastenfeld des Terminals ist gestört.',
    end_of_day_open: 'Am Terminal steht ein Kassenschnitt aus.', debit_offline_error: 'Die Zahlung ohne Verbindung ging nicht.', opt_error: 'Die Einstellungen des Terminals sind gestört.', opt_data_missing: 'Dem Terminal fehlen Einstellungen.',
    opt_transmission_error: 'Das Terminal konnte seine Daten nicht übertragen.', turnover_record_defective: 'Der Umsatzspeicher des Terminals ist beschädigt.', device_missing: 'Am Terminal fehlt ein Gerät.',
    baud_rate_unsupported: 'Die Verbindung zum Terminal ist falsch eingestellt.', register_unknown: 'Das Terminal kennt diese Kasse nicht.', system_error: 'Das Terminal meldet einen Systemfehler.', unknown: 'Das Terminal nennt keinen bekannten Grund.',
  },
  /** What to do when no money moved. */
  advice: {
    again: 'Noch einmal versuchen, eine andere Karte nehmen oder bar kassieren.', card: 'Andere Karte nehmen oder bar kassieren.',
    terminal: 'Bitte das Terminal prüfen und noch einmal versuchen; bis dahin bar kassieren.', help: 'Bitte der Leitung melden; bis dahin bar kassieren.',
    end_of_day: 'Am Terminal einen Kassenschnitt machen und noch einmal versuchen; bis dahin bar kassieren.',
  },
  /** The same when money was to be given back. */
  adviceRefund: {
    again: 'Noch einmal versuchen, eine andere Karte nehmen oder bar auszahlen.', card: 'Andere Karte nehmen oder bar auszahlen.',
    terminal: 'Bitte das Terminal prüfen und noch einmal versuchen; bis dahin bar auszahlen.', help: 'Bitte der Leitung melden; bis dahin bar auszahlen.',
    end_of_day: 'Am Terminal einen Kassenschnitt machen und noch einmal versuchen; bis dahin bar auszahlen.',
  },
  terminalSays: (text: string) => `Das Terminal sagt: „${text}“`,
  /** Why nobody knows whether money moved, by code. */
  doubt: {
    connection_lost: 'Die Verbindung zum Terminal brach ab, nachdem der Vorgang begonnen hatte.', no_answer: 'Das Terminal hat nicht rechtzeitig geantwortet.',
    bad_answer: 'Die Antwort des Terminals war unverständlich.', interrupted: 'Tresen wurde beendet, während das Terminal gefragt war.',
    not_acknowledged: 'Das Terminal hat zugesagt, weiß aber vielleicht nicht, dass es angekommen ist, und nimmt dann alles zurück.',
    amount_differs: 'Das Terminal hat einen anderen Betrag gebucht als verlangt.', currency_differs: 'Das Terminal hat in einer anderen Währung gebucht.',
    terminal_differs: 'Geantwortet hat ein anderes Terminal als das gefragte.', reversal_failed: 'Die Zahlung ließ sich am Terminal nicht zurücknehmen, auch nach mehreren Versuchen.',
    not_stored: 'Was das Terminal sagte, ließ sich nicht speichern.', unreachable: 'Das Terminal ist nicht zu erreichen und kann nicht sagen, was geschehen ist.',
    nothing_to_compare: 'Die letzte Zahlung des Terminals lässt sich nicht von der davor unterscheiden.', unknown: 'Das Ergebnis des Terminals ist nicht bekannt.',
  },
  amounts: (asked: string, booked: string) => `Verlangt ${asked}, gebucht ${booked}.`,
  purposes: { payment: 'Zahlung', refund: 'Erstattung', reversal: 'Rücknahme' },
  /** The terminal's lamp, by code. */
  lamp: {
    name: 'Terminal',
    short: {
      ok: 'Terminal', none: 'Kein Terminal', unreachable: 'Terminal antwortet nicht', busy: 'Terminal beschäftigt', error: 'Terminal gestört', not_ready: 'Terminal nicht bereit', doubt: 'Zahlung ungeklärt', unknown: 'Terminal prüfen',
    },
    help: {
      ok: 'Das Terminal antwortet.', none: 'An dieser Kasse ist kein Kartenterminal eingerichtet. Das geht im Büro unter „Einstellungen“.',
      unreachable: 'Das Kartenterminal antwortet nicht. Bar kassieren geht weiter. Bitte Strom, Netz und Adresse des Terminals prüfen.',
      busy: 'Das Kartenterminal ist beschäftigt, zum Beispiel mit einem Menü, das offen ist. Bitte am Terminal nachsehen.',
      error: 'Das Kartenterminal meldet eine Störung. Bar kassieren geht weiter. Bitte am Terminal nachsehen, notfalls aus- und wieder einschalten.',
      not_ready: 'Das Kartenterminal ist noch nicht bereit: Kennwort, Einrichtung oder Kassenschnitt fehlen. Bitte am Terminal nachsehen oder die Leitung holen.',
      doubt: 'Von einer Kartenzahlung ist unklar, ob die Karte belastet ist. Bitte nicht noch einmal kassieren und die Zahlung klären.',
      unknown: 'Wie es dem Kartenterminal geht, ist nicht bekannt. Bitte am Terminal nachsehen.',
    },
  },
};
