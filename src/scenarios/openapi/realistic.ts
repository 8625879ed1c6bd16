// Texts that look right for the name of a property.
import { plainName } from "./json.ts";

export interface Realistic {
  text: string;
  /** Bounds of what the text becomes once its expression is rendered. */
  shortest: number;
  longest: number;
}

const GENERATORS: readonly [name: RegExp, generator: string, longest: number][] = [
  [/firstname|givenname/, "person.firstName", 30],
  [/lastname|surname|familyname/, "person.lastName", 30],
  [/company|merchant|organi[sz]ation|employer|business|payer|provider/, "company.name", 60],
  [
    /name$|patient|holder|customer|applicant|candidate|member|beneficiary|debtor|creditor/,
    "person.fullName",
    60,
  ],
  [/city|town/, "location.city", 40],
  [/street|addressline|line1/, "location.streetAddress", 60],
  [/phone|mobile/, "phone.number", 40],
  [/description|note|reason|message|comment|memo|detail|remark|text/, "lorem.sentence", 200],
];

const FIXED: readonly [name: RegExp, text: string][] = [
  [/email/, "ada@example.com"],
  [/currency/, "EUR"],
  [/countrycode|country/, "DE"],
  [/language|locale/, "en"],
  [/zip|postal/, "10115"],
  [/iban/, "DE89370400440532013000"],
  [/url|uri|link|href/, "https://example.com/items/1"],
  [/version/, "1.0"],
  [/code$/, "A100"],
];

export function realistic(name: string): Realistic {
  const plain = plainName(name);
  const fixed = FIXED.find(([pattern]) => pattern.test(plain))?.[1];
  if (fixed !== undefined) return { text: fixed, shortest: fixed.length, longest: fixed.length };
  const [, generator, longest] = GENERATORS.find(([pattern]) => pattern.test(plain)) ?? [];
  if (generator !== undefined)
    return { text: `{{ $faker('${generator}') }}`, shortest: 2, longest: longest ?? 60 };
  const text = `${name.replaceAll(/[^\w]/g, "-") || "value"}-1`;
  return { text, shortest: text.length, longest: text.length };
}
