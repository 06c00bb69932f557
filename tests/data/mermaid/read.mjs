// Reads a JSON list of pictures from stdin; prints how many nodes mermaid sees in each.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid cleans labels with a library that needs a browser's window.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

const counts = [];
for (const picture of JSON.parse(readFileSync(0, "utf8"))) {
  await mermaid.parse(picture);
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(picture);
  counts.push(diagram.db.getVertices().size);
}
console.log(JSON.stringify(counts));
