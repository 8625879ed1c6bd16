import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventOf } from "../../history/event.ts";
import { createHistoryLog, type HistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import { createRedactor } from "../../lib/redact.ts";
import { type LogWatch, type LogWatchOptions, watchLogs } from "./logs.ts";

const MEBIBYTE = 1024 * 1024;
let folder: string;
let history: HistoryLog;
let logs: LogWatch;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "neverfails-test-"));
  history = createHistoryLog({ clock: createClock() });
});

afterEach(() => {
  logs.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("watchLogs", () => {
  it("keeps every line in the file, and tells the history only of those that name a transaction as a whole word", async () => {
    watch();
    await write("booting\nclaim CLM-001 is late\nCLM-0017 is another\nsent c0ffee-1\r\nlast without an end");
    expect(readFileSync(file(), "utf8")).toBe(
      "booting\nclaim CLM-001 is late\nCLM-0017 is another\nsent c0ffee-1\nlast without an end\n",
    );
    expect(logEvents()).toMatchObject([
      { line: "claim CLM-001 is late", keys: ["CLM-001"], stream: "stdout" },
      { line: "sent c0ffee-1", keys: ["CLM-001"] },
    ]);
    expect(logs.tail()).toHaveLength(5);
  });

  it("hears of streams that are no evidence, without reporting them", async () => {
    watch({ from: ["stderr"] });
    await write("CLM-001 on stdout\n");
    await write("CLM-001 on stderr\n", "stderr");
    expect(logEvents()).toMatchObject([{ line: "CLM-001 on stderr", stream: "stderr" }]);
    expect(readFileSync(file(), "utf8")).toContain("on stdout");
  });

  it("redacts secrets in the file, the history and the tail", async () => {
    watch();
    await write("CLM-001 signed with hunter22\n");
    const everything = [readFileSync(file(), "utf8"), JSON.stringify(history.events), ...logs.tail()].join();
    expect(everything).not.toContain("hunter22");
    expect(everything.match(/\[redacted\]/g)).toHaveLength(3);
  });

  it("bounds what it tells the history: 20 lines a transaction, and a total", async () => {
    watch({ limits: { events: 30 } });
    await write("CLM-001 again\n".repeat(100));
    expect(logEvents()).toHaveLength(20);
    await write("CLM-002 again\n".repeat(100));
    expect(logEvents()).toHaveLength(30);
  });

  it("cuts long lines: at 500 characters in the history, with the keys that stand behind", async () => {
    watch();
    await write(`${"x".repeat(2_000)} CLM-001\n`);
    expect(logEvents()).toMatchObject([{ keys: ["CLM-001"] }]);
    expect(logEvents()[0]?.line).toHaveLength(500);
  });

  it("does not break a character that two chunks share", async () => {
    watch();
    const bytes = Buffer.from("CLM-001 für Jürgen\n");
    const stream = new PassThrough();
    logs.attach(stream, "stdout");
    for (const byte of bytes) stream.write(Buffer.from([byte]));
    stream.end();
    await logs.drained();
    expect(logEvents()[0]?.line).toBe("CLM-001 für Jürgen");
  });

  it("survives a flood: drains it all, keeps the file bounded and says so, and does not grow", async () => {
    watch({ limits: { fileBytes: 2 * MEBIBYTE } });
    const before = process.memoryUsage().rss;
    let peak = before;
    const sampling = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const code = await run(`
      const line = "a line of about one hundred characters, as chatty services like to write them all day long " + "\\n";
      const chunk = line.repeat(1000);
      let left = 30 * 1024 * 1024;
      const write = () => {
        while (left > 0) {
          left -= chunk.length;
          if (!process.stdout.write(chunk)) return process.stdout.once("drain", write);
        }
        process.stdout.write("CLM-001 at the very end\\n");
      };
      write();
    `);
    clearInterval(sampling);
    expect(code).toBe(0);
    expect(statSync(file()).size).toBeLessThan(2 * MEBIBYTE + 1_000);
    expect(readFileSync(file(), "utf8").trimEnd().split("\n").at(-1)).toContain("the log was cut here");
    expect(logEvents()).toMatchObject([{ line: "CLM-001 at the very end" }]);
    expect(logs.tail()).toHaveLength(40);
    expect(peak - before).toBeLessThan(150 * MEBIBYTE);
  }, 60_000);

  it("survives a line that never ends", async () => {
    watch();
    const before = process.memoryUsage().rss;
    const code = await run(`
      const chunk = "y".repeat(65536);
      let left = 400;
      const write = () => {
        while (left-- > 0) if (!process.stdout.write(chunk)) return process.stdout.once("drain", write);
      };
      write();
    `);
    expect(code).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MEBIBYTE);
    expect(readFileSync(file(), "utf8")).toMatch(/^y{65536}… \[line cut\]\n$/);
    expect(logs.tail()[0]).toHaveLength(500);
  }, 60_000);

  it("creates the folder of the file", () => {
    watch();
    expect(existsSync(file())).toBe(true);
  });
});

function watch(more: Partial<LogWatchOptions> = {}): void {
  logs = watchLogs({
    file: file(),
    from: ["stdout", "stderr"],
    history,
    transactions: () => [
      { key: "CLM-001", id: "c0ffee-1" },
      { key: "CLM-002", id: "2" },
    ],
    redact: createRedactor(["hunter22"]),
    ...more,
  });
}

function file(): string {
  return join(folder, "system", "claims.log");
}

async function write(text: string, name: "stdout" | "stderr" = "stdout"): Promise<void> {
  const stream = new PassThrough();
  logs.attach(stream, name);
  stream.end(text);
  await logs.drained();
}

/** A real process whose output is watched; its exit code. */
async function run(code: string): Promise<number | null> {
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  logs.attach(child.stdout, "stdout");
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await logs.drained();
  return exit;
}

function logEvents(): EventOf<"system.log">[] {
  return history.events.filter((event): event is EventOf<"system.log"> => event.kind === "system.log");
}
