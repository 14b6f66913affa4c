// Asks the ZEN engine what export.c asked of Lianxin: node run.mjs FOLDER
//
// The same table, the same cases, one after the other in one thread. Every row must be the same.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const folder = resolve(process.argv[2]);
const { ZenEngine } = createRequire(`${folder}/`)('@gorules/zen-engine');
const { rows, lianxin_ns: ownNs, cases } = JSON.parse(readFileSync(`${folder}/cases.json`));
const started = process.hrtime.bigint();
const decision = new ZenEngine().createDecision(readFileSync(`${folder}/table.json`));
const createdMs = Number(process.hrtime.bigint() - started) / 1e6;

async function askAll() {
  let different = 0;
  const from = process.hrtime.bigint();
  for (const { input, row } of cases) {
    const { result } = await decision.evaluate(input);
    if (Number(result.row) !== row) different++;
  }
  return { ns: Number(process.hrtime.bigint() - from) / cases.length, different };
}

await askAll(); // warms what can be warmed
const rounds = [];
for (let i = 0; i < 5; i++) rounds.push(await askAll());
rounds.sort((a, b) => a.ns - b.ns);
const { ns, different } = rounds[2];
console.log(
  `${String(rows).padStart(6)} rows   ZEN ${(ns / 1000).toFixed(1).padStart(9)} us` +
    `   Lianxin ${(ownNs / 1000).toFixed(2).padStart(6)} us   ${(ns / ownNs).toFixed(0).padStart(6)} x` +
    `   (${cases.length} cases, ${different} different; ZEN reads its table in ${createdMs.toFixed(0)} ms)`,
);
process.exitCode = different === 0 ? 0 : 1;
