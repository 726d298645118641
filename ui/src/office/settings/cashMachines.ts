/** Words of cash machines in the settings. */
import { catalogue } from '../../i18n/language.svelte';

const de = {
  title: 'Bezahlautomaten', lead: 'Nimmt Scheine und Münzen und gibt das Rückgeld (Glory). Er gehört zu einer Kasse: was in ihm liegt, wird mit ihrer Lade gezählt. Nur mit dem Simulator getestet (tresen simulate cash-machine).',
  add: 'Bezahlautomaten hinzufügen', newName: 'Bezahlautomat', at: 'Anschluss', atHint: 'Adresse und Port, meist 3000; verschlüsselt wss://Adresse:3001.', atExample: '192.168.1.70:3000', atWrong: 'Bitte Adresse und Port angeben, jeden Anschluss nur einmal.',
  user: 'Benutzername', userHint: 'Leer, wenn der Automat keinen verlangt.', password: 'Passwort', passwordLead: 'Es wird versiegelt abgelegt und nie wieder angezeigt.', passwordSave: 'Passwort ablegen', passwordSaved: 'Das Passwort ist abgelegt.', passwordNeeded: 'Ohne Passwort lässt der Automat die Kasse nicht ein.', saveFirst: 'Bitte zuerst die Einstellungen speichern, dann das Passwort ablegen.',
  till: 'Steht an Kasse', noTill: 'keiner', look: 'Prüfen', looking: 'Der Automat wird gefragt …', ok: 'Der Automat antwortet.', holds: (sum: string) => `Er kann ${sum} ausgeben.`, piece: 'Sorte', pieces: 'Stück',
  certificate: 'Fingerabdruck des Zertifikats', certificateShown: 'Der Automat zeigt dieses Zertifikat:', take: 'Dieses übernehmen', certificateHint: 'Nur bei wss://. Wer ein anderes zeigt, bekommt nichts gesendet.', state: 'Zustand', unknown: 'noch nicht gefragt',
};
const en: typeof de = {
  title: 'Cash machines', lead: 'Takes notes and coins and gives the change (Glory). It belongs to one till: what lies in it is counted with that till’s drawer. Tested with the simulator only (tresen simulate cash-machine).',
  add: 'Add a cash machine', newName: 'Cash machine', at: 'Connected at', atHint: 'Address and port, mostly 3000; encrypted wss://address:3001.', atExample: '192.168.1.70:3000', atWrong: 'Please give address and port, each place only once.',
  user: 'User name', userHint: 'Empty where the machine asks for none.', password: 'Password', passwordLead: 'It is kept sealed and never shown again.', passwordSave: 'Keep the password', passwordSaved: 'The password is kept.', passwordNeeded: 'Without its password the machine does not let the till in.', saveFirst: 'Please save the settings first, then keep the password.',
  till: 'Stands at till', noTill: 'none', look: 'Check', looking: 'The machine is being asked …', ok: 'The machine answers.', holds: (sum) => `It can give out ${sum}.`, piece: 'Kind', pieces: 'Pieces',
  certificate: 'Fingerprint of the certificate', certificateShown: 'The machine shows this certificate:', take: 'Take this one over', certificateHint: 'Only with wss://. Whoever shows another one is sent nothing.', state: 'State', unknown: 'not asked yet',
};
export const cashMachines = catalogue(de, en);
