// @ts-check
// What the documentation needs of curl, for machines without it: -s, -H and -d.
/** @type {Record<string, string>} */
const headers = {};
let url = "";
/** @type {string | undefined} */
let data;
const words = process.argv.slice(2);
for (let word = words.shift(); word !== undefined; word = words.shift()) {
  if (word === "-H") {
    const [name = "", ...value] = (words.shift() ?? "").split(":");
    headers[name] = value.join(":").trim();
  } else if (word === "-d") data = words.shift();
  else if (word !== "-s") url = word;
}
const response = await fetch(url, { headers, ...(data !== undefined && { method: "POST", body: data }) });
process.stdout.write(await response.text());
