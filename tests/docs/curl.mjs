// @ts-check
// What the documentation needs of curl, for machines without it: -s, -X, -H and -d.
/** @type {Record<string, string>} */
const headers = {};
let url = "";
let method = "";
/** @type {string | undefined} */
let data;
const words = process.argv.slice(2);
for (let word = words.shift(); word !== undefined; word = words.shift()) {
  if (word === "-H") {
    const [name = "", ...value] = (words.shift() ?? "").split(":");
    headers[name] = value.join(":").trim();
  } else if (word === "-d") data = words.shift();
  else if (word === "-X") method = words.shift() ?? "";
  else if (word !== "-s") url = word;
}
method ||= data === undefined ? "GET" : "POST";
const response = await fetch(url, { method, headers, ...(data !== undefined && { body: data }) });
process.stdout.write(await response.text());
