/**
 * The shapes of the API by their names, taken from the generated `schema.ts` (npm run types).
 */
import type { components } from './schema';

type Schemas = components['schemas'];

/** In views every field is sent; what does not apply is null. */
type Sent<T> = T extends (infer E)[] ? Sent<E>[] : T extends object ? { [K in keyof T]-?: Sent<T[K]> } : T;
type KeyOf<U> = U extends unknown ? keyof U : never;
type Value<U, K> = U extends unknown ? (K extends keyof U ? U[K] : never) : never;

export type Amount = Schemas['Amount'];
export type Unit = Schemas['Unit'];
export type Role = Schemas['Role'];
export type Language = Schemas['Language'];
export type Permission = Schemas['Permission'];
export type ReceiptRef = Schemas['ReceiptRef'];
export type Person = Schemas['PersonRow'];

export type TillView = Sent<Schemas['TillView']>;
export type PaymentView = Sent<Schemas['PaymentView']>;
export type WeighingView = Sent<Schemas['WeighingView']>;
export type TransferView = Sent<Schemas['TransferView']>;
export type ReservationView = Sent<Schemas['ReservationView']>;
export type DoubtView = Sent<Schemas['DoubtView']>;
export type TenderView = Sent<Schemas['TenderView']>;
export type CustomerChoice = Sent<Schemas['CustomerChoice']>;
export type CustomerAccount = Sent<Schemas['CustomerAccount']>;
export type VoucherView = Sent<Schemas['VoucherView']>;
export type LineView = Sent<Schemas['LineView']>;
export type BasketView = Sent<Schemas['BasketView']>;
export type BasketSummary = Sent<Schemas['BasketSummary']>;
export type LastReceipt = Sent<Schemas['LastReceipt']>;
export type DayView = Sent<Schemas['DayView']>;
export type CountView = Sent<Schemas['CountView']>;
export type PersonView = Sent<Schemas['PersonView']>;
export type CashMachineLook = Sent<Schemas['CashMachineLook']>;
export type Lamp = Sent<Schemas['Lamp']>;
export type CommandAnswer = Omit<Schemas['CommandAnswer'], 'view'> & { view?: TillView | null };

export type DisplayView = Sent<Schemas['DisplayView']>;
export type DisplayPayment = Sent<Schemas['DisplayPayment']>;
export type DisplayLine = Sent<Schemas['DisplayLine']>;
export type SessionView = Sent<Schemas['SessionView']>;
export type ItemTile = Sent<Schemas['ItemTile']>;
export type Tiles = Sent<Schemas['Tiles']>;
export type Named = Schemas['Named'];

/** Amounts in receipts and reports are minor units of the currency that stands beside them. */
export type Line = Schemas['Line'];
export type Receipt = Schemas['Receipt'];
export type ReceiptDetail = Schemas['ReceiptDetail'];
export type ReceiptRow = Schemas['ReceiptRow'];
export type ReceiptPage = Schemas['ReceiptPage'];
export type Tally = Schemas['Tally'];
export type TaxRow = Schemas['TaxRow'];
export type DayTotals = Schemas['DayTotals'];
export type TillDay = Schemas['TillDay'];
export type Names = Schemas['Names'];
export type XReport = Schemas['XReport'];
export type ZReport = Schemas['ZReport'];

export type DeviceFact = Schemas['DeviceFact'];
export type InspectionPoint = Schemas['InspectionPoint'];
export type TerminalNotice = Sent<Schemas['TerminalNotice']>;

export type DiscountValue = Schemas['DiscountValue'];
export type TillCommand = Schemas['TillCommand'];
export type ShopCommand = Schemas['ShopCommand'];
export type Approval = Schemas['Approval'];

export type RefusalCode = Schemas['Refusal']['code'];
/** A rule's refusal: its code and whatever the code tells more. */
export type Refusal = { code: RefusalCode } & {
  [K in Exclude<KeyOf<Schemas['Refusal']>, 'code'>]?: Value<Schemas['Refusal'], K>;
};
export type ProblemDocument = Omit<Schemas['Problem'], 'refusal'> & { refusal?: Refusal | null };

export type ReceiptPageView = Sent<Schemas['ReceiptPageView']>;
export type PaperlessWays = Schemas['PaperlessWays'];
export type MessageRowView = Sent<Schemas['MessageRowView']>;
export type SendRequest = Schemas['SendRequest'];
