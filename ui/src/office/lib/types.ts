/** What the office sends to the API, by the names of its document. Amounts are minor units, quantities thousandths. */
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type { Amount, Language, Named, Permission, PersonView, Role, ShopCommand, Unit } from '../../api/types';
export type Country = Schemas['Country'];
export type StockKind = Schemas['StockKind'];
export type SetupBody = Schemas['SetupRequest'];
export type ItemDraft = Schemas['ItemDraft'];
export type Item = Schemas['Item'];
export type DatedRate = Schemas['DatedRate'];
export type Group = Schemas['Group'];
export type RecallDraft = Schemas['RecallDraft'];
export type TillSettings = Schemas['TillSettings'];
export type TerminalSettings = Schemas['TerminalSettings'];
export type Peripheral = Schemas['Peripheral'];
export type PrinterSettings = Schemas['PrinterSettings'];
export type ScannerSettings = Schemas['ScannerSettings'];
export type LabelPrinterSettings = Schemas['LabelPrinterSettings'];
export type LabelsAsked = Schemas['LabelsAsked'];
export type LabelsToPrint = Schemas['LabelsToPrint'];
export type Content = Schemas['Content'];
export type UnitSettings = Schemas['UnitSettings'];
export type UnitSecret = Schemas['UnitSecret'];
export type UnitServiceAsked = Schemas['UnitServiceAsked'];
export type TerminalService = Schemas['TerminalService'];
export type TerminalSecret = Schemas['TerminalSecret'];
export type TerminalKey = Schemas['TerminalKey'];
export type TerminalPaired = Schemas['TerminalPaired'];
export type Promotion = Schemas['Promotion'];
export type Coupon = Schemas['Coupon'];

/** The settings as the shop gives them: every list is there. */
export type Settings = Schemas['Settings'] &
  Required<Pick<Schemas['Settings'], 'tiles' | 'promotions' | 'reasons' | 'receipt_header' | 'receipt_footer'>>;
