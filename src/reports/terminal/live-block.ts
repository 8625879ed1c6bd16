// A few lines at the bottom of a terminal that are redrawn in place, below lines that stay.

export interface LiveBlock {
  /** Draws the lines anew; while `ticking` they are drawn again every second, so that elapsed times move. */
  show(lines: string[] | (() => string[]), ticking: boolean): void;
  /** Writes a line that stays, above the block. */
  print(line: string): void;
  close(): void;
}

const TICK_MS = 1_000;

/** `live` false: `show` writes nothing and nothing is ever erased. Lines must fit into the terminal's width. */
export function createLiveBlock(stream: { write(text: string): unknown }, live: boolean): LiveBlock {
  let drawn = 0;
  let isClosed = false;
  let current: string[] | (() => string[]) = [];
  let timer: NodeJS.Timeout | undefined;

  /** Cursor up over the block (CUU), then clear to the end of the screen (ED): ECMA-48, 8.3.22 and 8.3.39. */
  const erase = () => (drawn === 0 ? "" : `\u001b[${drawn}A\r\u001b[0J`);
  const draw = (above: string) => {
    const lines = typeof current === "function" ? current() : current;
    const text = erase() + above + lines.map((line) => `${line}\n`).join("");
    drawn = lines.length;
    if (text !== "") stream.write(text);
  };
  const tick = (on: boolean) => {
    if (on && timer === undefined) {
      timer = setInterval(() => draw(""), TICK_MS);
      timer.unref();
    } else if (!on) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    show(lines, ticking) {
      if (!live || isClosed) return;
      current = lines;
      draw("");
      tick(ticking);
    },
    print(line) {
      if (isClosed) return;
      draw(`${line}\n`);
    },
    close() {
      if (isClosed) return;
      tick(false);
      current = [];
      draw("");
      isClosed = true;
    },
  };
}
