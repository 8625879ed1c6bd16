import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MetricsError, parseMetrics, parseSelector, type Sample, sumMatching } from "./prometheus.ts";

/** The example of the format's documentation, with its odd corners. */
const DOCUMENTED = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

http_request_duration_seconds_bucket{le="+Inf"} 144320
rpc_duration_seconds{quantile="0.99",} NaN
 indented  { a = "b" , }  -.5e-1
{"my.metric","label.x"="v"} 1
{"äöü"} 2
with_exemplar_total 17 # {trace_id="x"} 0.5 1520879607.789
# EOF
`;

describe("parseMetrics", () => {
  it("reads the documented example", () => {
    expect(parseMetrics(DOCUMENTED)).toEqual([
      { name: "http_requests_total", labels: { method: "post", code: "200" }, value: 1027 },
      { name: "http_requests_total", labels: { method: "post", code: "400" }, value: 3 },
      {
        name: "msdos_file_access_time_seconds",
        labels: { path: "C:\\DIR\\FILE.TXT", error: 'Cannot find file:\n"FILE.TXT"' },
        value: 1.458255915e9,
      },
      { name: "metric_without_timestamp_and_labels", labels: {}, value: 12.47 },
      { name: "something_weird", labels: { problem: "division by zero" }, value: Number.POSITIVE_INFINITY },
      { name: "http_request_duration_seconds_bucket", labels: { le: "+Inf" }, value: 144320 },
      { name: "rpc_duration_seconds", labels: { quantile: "0.99" }, value: Number.NaN },
      { name: "indented", labels: { a: "b" }, value: -0.05 },
      { name: "my.metric", labels: { "label.x": "v" }, value: 1 },
      { name: "äöü", labels: {}, value: 2 },
      { name: "with_exemplar_total", labels: {}, value: 17 },
    ]);
  });

  it.each([
    "claims_stuck",
    "claims_stuck three",
    "claims_stuck 3 soon",
    'claims_stuck{queue="a" 3',
    "claims_stuck{queue=a} 3",
    'claims_stuck{queue!="a"} 3',
    '{queue="a"} 3',
    '{"a","b"} 3',
    'claims_stuck{queue="a\n"} 3',
    "<html>",
  ])("refuses %j and says where", (line) => {
    expect(() => parseMetrics(`# fine\n${line}\n`)).toThrow(MetricsError);
    expect(() => parseMetrics(`# fine\n${line}\n`)).toThrow(/^line 2: /);
  });

  it("reads back whatever is written in the format", () => {
    const unit = fc.oneof(
      fc.constantFrom("\n", '"', "\\", "{", "}", ",", "=", "#", " "),
      fc.string({ unit: "grapheme", maxLength: 1 }),
    );
    const text = fc.string({ unit, maxLength: 12 });
    const name = fc.string({ unit, minLength: 1, maxLength: 12 }).filter((made) => made !== "");
    const labels = fc.dictionary(name, text, {
      maxKeys: 4,
      noNullPrototype: true,
    });
    const sample: fc.Arbitrary<Sample> = fc.record({
      name: fc.oneof(fc.stringMatching(/^[A-Za-z_:][\w:]*$/), name),
      labels: labels.filter((entries) => !Object.hasOwn(entries, "__proto__")),
      value: fc.double(),
    });
    fc.assert(
      fc.property(fc.array(sample), fc.boolean(), (samples, timed) => {
        const text = samples.map((one) => `${write(one)}${timed ? " 1395066363000" : ""}\n`).join("");
        expect(parseMetrics(`# HELP x y\n${text}`)).toEqual(samples);
      }),
    );
  });

  it("ends quickly on any text, with samples or with a MetricsError", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab{}=",\\ \n1.eE+-~!#'), maxLength: 200 }),
        (text) => {
          try {
            return Array.isArray(parseMetrics(text));
          } catch (cause) {
            return cause instanceof MetricsError;
          }
        },
      ),
    );
  });
});

describe("a selector", () => {
  const samples = parseMetrics(
    'stuck{queue="a",region="eu"} 2\nstuck{queue="b",region="us"} 3\nstuck{queue="c"} 4\nother 100\n{"my.metric"} 7\n',
  );

  it.each([
    ["stuck", 9],
    ['stuck{queue="a"}', 2],
    ['stuck{queue!="a"}', 7],
    ['stuck{queue=~"a|b"}', 5],
    ['stuck{queue!~"a|b", region=""}', 4],
    ['stuck{queue=~"a.+"}', undefined],
    ['{"my.metric"}', 7],
    ["missing", undefined],
  ])("%s sums to %s", (selector, sum) => {
    expect(sumMatching(samples, parseSelector(selector))).toBe(sum);
  });

  it.each(["", "{}", 'stuck{queue="a"', "stuck 3", 'stuck{queue=~"("}'])("%j is refused", (selector) => {
    expect(() => parseSelector(selector)).toThrow(MetricsError);
  });
});

/** The writer that the parser is held against. */
function write({ name, labels, value }: Sample): string {
  const quote = (text: string) =>
    `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
  const classic = (text: string) => /^[A-Za-z_:][\w:]*$/.test(text);
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${classic(label) ? label : quote(label)}=${quote(text)}`,
  );
  const inBraces = classic(name) ? pairs : [quote(name), ...pairs];
  const number = Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "Inf");
  return `${classic(name) ? name : ""}${inBraces.length > 0 ? `{${inBraces.join(",")}}` : ""} ${number}`;
}
