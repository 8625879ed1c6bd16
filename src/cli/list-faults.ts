// The fault catalogue as data: names, questions, summaries, and settings with what they take.
import * as z from "zod";
import { faults } from "../simulator/faults/index.ts";

export interface ListedFault {
  name: string;
  point: string;
  question: string;
  summary: string;
  settings: { name: string; takes: string; default?: unknown; description?: string }[];
}

export function describeFaults(): ListedFault[] {
  return Object.values(faults).map(({ name, point, question, summary, settings }) => ({
    name,
    point,
    question,
    summary,
    settings: describeSettings(settings),
  }));
}

interface PropertySchema {
  type?: string;
  enum?: unknown[];
  anyOf?: PropertySchema[];
  default?: unknown;
  description?: string;
}

function describeSettings(schema: z.ZodObject): ListedFault["settings"] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, PropertySchema>;
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    takes: takes(property),
    ...(property.default !== undefined && { default: property.default }),
    ...(property.description !== undefined && { description: property.description }),
  }));
}

function takes(property: PropertySchema): string {
  if (property.enum) return property.enum.map(String).join(" | ");
  if (property.anyOf) return [...new Set(property.anyOf.map(takes))].join(" | ");
  return property.type ?? "anything";
}
