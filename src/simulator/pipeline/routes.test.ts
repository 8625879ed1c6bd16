import { expect, it } from "vitest";
import { compileRoute } from "./routes.ts";

it.each([
  ["/orders", "/orders", {}],
  ["/orders", "/Orders", undefined],
  ["/orders", "/orders/", undefined],
  ["/v1/orders:submit", "/v1/orders:submit", {}],
  ["/aufträge/:id", "/auftr%C3%A4ge/a%20b", { id: "a b" }],
  ["/auftr%C3%A4ge", "/auftr%c3%a4ge", {}],
  ["/a%2Fb", "/a/b", undefined],
  ["/orders/:id", "/orders/", undefined],
  ["/orders/:id", "/orders/%zz", undefined],
  ["/100%/:id", "/100%/7", { id: "7" }],
])("%s for %s", (pattern, path, params) => {
  expect(compileRoute(pattern)(path)).toEqual(params);
});
