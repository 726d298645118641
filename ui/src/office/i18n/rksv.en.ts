/** Texts of Austria's RKSV, in English. */
import type { rksvTexts as German } from './rksv.de';

export const rksvTexts: typeof German = {
  lead: 'Each receipt gets a signed code, chained to the receipt before it, before it is printed. When the signature device is out of order, selling goes on: receipts say so, and a collective receipt follows by itself.',
  none: 'Receipts get no code. In Austria no sale may be taken like this.',
  prefix: 'Beginning of the cash register ID',
  prefixHint: (name: string) => `The first till’s ID (Kassenidentifikationsnummer) is ${name}. It stands on each receipt and in FinanzOnline; it stays as long as the till exists.`,
  clearText: 'On receipts', codeOnly: 'QR code', codeAndText: 'QR code and its content as text (OCR)',
  devices: 'Signature devices', tills: 'Tills',
  kinds: { software: 'Software for practice', atrust_hsm: 'A-Trust a.sign RK HSM' },
  kind: 'Kind', notCertified: 'No certified device: for practice only. Each receipt and each export says so. For real receipts each till needs a new cash register ID.',
  addSoftware: 'Add software for practice', addAtrust: 'Add A-Trust',
  newSoftware: 'Practice card (test)', newAtrust: 'A-Trust',
  user: 'User', userHint: 'From A-Trust, for example u123456789.',
  address: 'Address', addressHint: 'Empty: that of A-Trust. To try it out, that of tresen simulate atrust.',
  password: 'Password', passwordHint: 'Is sealed and shown to nobody.', passwordNeeded: 'The password is still missing.', setPassword: 'Take the password', passwordSaved: 'Taken.',
  certificate: 'Certificate', neverReached: 'Never reached yet.', saveFirst: 'Save first.',
  cashRegister: 'Cash register ID', ownName: 'ID of its own', ownNameHint: 'Needed only when the till begins anew: after practice, after a closing receipt, after a backup was put back.',
  states: { not_started: 'No start receipt yet', running: 'Signed', outage: 'Signature device out of order', no_code: 'Receipts get no code', closed: 'Out of service (closing receipt)', restored: 'Out of a backup: receipts get no code' },
  since: (when: string) => `since ${when}`,
  codes: 'Receipts in the chain', check: 'Check value of the key', started: 'Start receipt', saved: 'Saved elsewhere last', never: 'never yet',
  showKey: 'Show the key for FinanzOnline', key: 'AES key', keySecret: 'Secret. Only FinanzOnline needs it. Keep a printout in the safe: without it the till cannot go on after it moves.',
  keyLost: 'The key of the turnover counter is not on this machine. Type it in as it stands in FinanzOnline: until then receipts get no code.', setKey: 'Take the key',
  startToCheck: 'The start receipt is to be checked with FinanzOnline (BMF Belegcheck) once device and till are registered there.',
  yearToCheck: (date: string) => `The yearly receipt of ${date} is to be checked with FinanzOnline (BMF Belegcheck) and printed by 15 February.`,
  outageToTell: 'The outage lasts for more than 48 hours: report it in FinanzOnline.',
  closingToTell: 'Report in FinanzOnline that the till is out of service.',
  saveDue: 'The quarter is over: make the export and save it on a medium of its own.',
  done: 'Done', notes: { start_checked: 'Checked', year_checked: 'Checked', outage_told: 'Reported', closing_told: 'Reported', saved: 'Saved', seen_without_code: 'Seen' },
  withoutCode: (n, why) => `${n === 1 ? 'One receipt of this till has' : `${n} receipts of this till have`} no code${why ? `: ${why}` : ''}. Put it down.`,
  restored: 'The shop comes out of a backup: receipts issued after it may be missing in the chain. Give the till a new ID of its own below; it begins with a new start receipt.',
  notSigned: (why: string) => `Receipts get no code: ${why}`,
  notIssued: (kind: string, why: string) => `${kind} not made: ${why}`,
  make: 'Make a receipt', makeKinds: { zero: 'Null receipt', monthly: 'Monthly receipt', yearly: 'Yearly receipt', closing: 'Closing receipt' },
  closingSure: 'After the closing receipt this till gets no receipt any more. Really take it out of service?',
  underWay: (kind: string) => `${kind} is being made …`,
  receipts: 'Receipts without turnover', number: 'Number', receiptKind: 'Kind', at: 'Time', signed: 'Signed', yes: 'yes', no: 'no', open: 'Look', noReceipts: 'None yet.',
  receiptKinds: { start: 'Start receipt', standard: 'Receipt', cancellation: 'Cancellation', training: 'Training receipt', zero: 'Null receipt', monthly: 'Monthly receipt', yearly: 'Yearly receipt', after_outage: 'Collective receipt', closing: 'Closing receipt' },
  why: {
    unreachable: 'the device does not answer', time_out: 'the device does not answer in time', no_answer: 'the device does not answer', not_trusted: 'who answers does not prove to be A-Trust', credentials: 'A-Trust does not take the password',
    user: 'A-Trust does not know the user', no_password: 'the password is missing', busy: 'A-Trust is busy', provider: 'A-Trust reports a fault', bad_answer: 'the answer cannot be read', bad_signature: 'the signature is wrong',
    self_test: 'the practice card’s key cannot be read', key_lost: 'the key of the turnover counter is missing', not_started: 'there is no start receipt yet', not_set: 'the RKSV is not set up', closed: 'the till has its closing receipt', restored: 'the chain comes out of a backup, the till needs a new cash register ID', no_device: 'no device signs', register: 'the cash register ID does not fit',
    outage: 'the device is out of order', outage_first: 'the collective receipt comes first', yearly_instead: 'this month is closed by the yearly receipt', must_be_signed: 'it counts only with a signature', counter_full: 'the turnover counter is full', storage: 'the practice card’s memory cannot be read or written',
  },
  doesNotSign: (why: string) => `Does not sign: ${why}`,
  whyOther: (code: string) => `fault “${code}”`,
  dep: {
    title: 'Data collection protocol (DEP7)', lead: 'All receipts of a till as the tax office asks for them (RKSV § 7). The whole chain is verified, with all signatures and the turnover counter, before you get it.',
    till: 'Till', make: 'Make the DEP7', making: 'Being verified and written', done: 'Verified and written:', none: 'The RKSV is not set up (Settings, RKSV).',
    hint: 'Save it on a medium of its own once a quarter. Anybody can verify it: tresen verify --dep7 FILE --key KEY', keys: 'File of keys for the checking tool (secret)',
  },
};
export const rksvSettingsErrors = {
  rksv_country: 'The RKSV is Austria’s alone.',
  rksv_prefix: 'The beginning of the cash register ID has 1 to 20 characters: A to Z, a to z, 0 to 9 and hyphen.',
  rksv_register: 'An ID of its own has 1 to 40 characters (letters, digits, hyphen) and belongs to a till that exists.',
  rksv_register_twice: 'Two tills have the same cash register ID.',
  rksv_register_used: 'This ID was used before: a cash register ID stands for one chain of receipts for ever.',
  rksv_devices: 'At least one and at most ten signature devices are needed.',
  rksv_mixed: 'Software for practice and real devices do not sign together.',
  rksv_device_user: 'A device of A-Trust needs its user, letters and digits.',
  rksv_device_address: 'The address begins with https://; without encryption it is this machine only (http://127.0.0.1:…).',
  rksv_company: 'The practice card needs the shop’s VAT ID (ATU and 8 digits) or tax number (9 digits).',
  rksv_rate: 'Austria has 20, 13, 10, 19, 4.9 and 0 %. Another rate has no place in the code.',
  rksv_removed: 'The tills have begun their chains: in Austria no sale may be taken without the RKSV.',
  rksv_system: 'A till that practised gets a new cash register ID for real receipts (and the other way round).',
} as Record<string, string>;
export const rksvErrors = {
  rksv_not_set: 'The RKSV is not set up.', rksv_no_key: 'The key of this till is missing.', rksv_bad_key: 'A key is 32 bytes in Base64: 44 characters.', rksv_other_key: 'The till’s receipts are not made with this key.', rksv_key_by_itself: 'The key of this till is made by itself with its start receipt.', rksv_nothing: 'This till has no receipts yet.',
} as Record<string, string>;
const tills = (n: number): string => (n === 1 ? 'One till' : `${n} tills`);
export const rksvTodos = {
  rksv_not_set: (n: number) => `${tills(n)} without RKSV`, rksv_restored: (n: number) => `${tills(n)} out of a backup: new cash register ID needed`,
  rksv_not_started: (n: number) => `${tills(n)} without a start receipt`, rksv_no_code: (n: number) => `${tills(n)} with receipts without a code`, rksv_outage: (n: number) => `${tills(n)}: out of order for more than 48 hours`,
  rksv_start_unchecked: (n: number) => `${tills(n)}: check the start receipt`, rksv_year_unchecked: (n: number) => `${tills(n)}: check the yearly receipt`, rksv_closing_untold: (n: number) => `${tills(n)}: report the end of service`, rksv_unsaved: (n: number) => `${tills(n)}: save the quarter`,
};
export const rksvTodoTexts = {
  rksv_not_set: 'Receipts get no code. In Austria no sale may be taken like this.', rksv_restored: 'Receipts get no code. Give a new cash register ID in the settings.',
  rksv_not_started: 'No device has signed so far. See the settings.', rksv_no_code: 'Look at them in the settings and confirm.', rksv_outage: 'Report it in FinanzOnline.',
  rksv_start_unchecked: 'With the BMF Belegcheck, against FinanzOnline.', rksv_year_unchecked: 'With the BMF Belegcheck by 15 February; print it.', rksv_closing_untold: 'Report it in FinanzOnline.', rksv_unsaved: 'Make the DEP7 and save it on a medium of its own.',
};
