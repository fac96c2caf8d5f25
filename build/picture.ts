import { mkdir, readFile, writeFile } from "node:fs/promises";
import { pictureOf, type Run } from "./dashboard-picture.ts";

const root = new URL("../", import.meta.url);
const template = new URL(".serverless/cloudformation-template-update-stack.json", root);
const { Resources } = JSON.parse(await readFile(template, "utf8"));
const { widgets } = JSON.parse(Resources.Dashboard.Properties.DashboardBody["Fn::Sub"]);
const run: Run = JSON.parse(await readFile(new URL("build/dashboard-run.json", root), "utf8"));
await mkdir(new URL("docs/", root), { recursive: true });
await writeFile(new URL("docs/dashboard.svg", root), pictureOf(widgets, run));
