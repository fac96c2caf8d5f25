import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { streamSSE } from "hono/streaming";
import { normalize } from "../lib/message/shape.ts";
import type { Stack } from "../local/stack.ts";
import { isOwn } from "./guard.ts";
import type { CorrectionSummary, RevisionDetail, Setup, Update } from "./protocol.ts";
import { sampleChoices } from "./samples.ts";
import { sendSample } from "./sending.ts";
import { isFields, wordOf } from "./watch/fields.ts";
import { openModel } from "./watch/model.ts";

/** The page that shows what a local stack does. */
export interface Console {
	readonly url: string;
	stop(): Promise<void>;
}

const page = new URL("../dist/console/", import.meta.url);
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
	"/": { file: "index.html", type: "text/html; charset=utf-8" },
	"/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
	"/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
};

/**
 * Serves the console on loopback. SDK clients of this process have to be set up for the stack.
 *
 * @param options.tokens accepted tokens; everyone is let in when there are none.
 * @param options.isLogged whether the functions log at INFO.
 * @throws when the port is taken.
 */
export async function startConsole(
	stack: Stack,
	options: {
		readonly port: number;
		readonly tokens: readonly string[];
		readonly isLogged: boolean;
	},
): Promise<Console> {
	const { port, tokens, isLogged } = options;
	const { callbackUrl } = stack;
	const setup: Setup = {
		callbackUrl,
		isOpenToAnyone: tokens.length === 0,
		isLogged,
		samples: sampleChoices,
	};
	const model = await openModel(stack);
	const app = new Hono();
	app.use(async (context, next) => {
		const { method } = context.req;
		const [host, origin] = [context.req.header("host"), context.req.header("origin")];
		if (!isOwn({ method, host, origin })) return context.text("not from here", 403);
		return next();
	});
	app.use(
		secureHeaders({
			contentSecurityPolicy: {
				defaultSrc: ["'none'"],
				scriptSrc: ["'self'"],
				styleSrc: ["'self'"],
				connectSrc: ["'self'"],
				imgSrc: ["data:"],
				baseUri: ["'none'"],
				formAction: ["'none'"],
				frameAncestors: ["'none'"],
			},
			referrerPolicy: "no-referrer",
			strictTransportSecurity: false,
			xFrameOptions: "DENY",
		}),
	);
	for (const [path, { file, type }] of Object.entries(FILES)) {
		app.get(path, async (context) =>
			context.body(await readFile(new URL(file, page)), 200, {
				"content-type": type,
				"cache-control": "no-cache",
			}),
		);
	}
	app.get("/api/updates", (context) =>
		streamSSE(context, async (stream) => {
			let writing: Promise<void> = Promise.resolve();
			const write = (update: Update): void => {
				writing = writing.then(() => stream.writeSSE({ data: JSON.stringify(update) }));
			};
			write({ ...model.whole(), setup });
			const unlisten = model.listen(write);
			await new Promise<void>((resolve) => stream.onAbort(resolve));
			unlisten();
		}),
	);
	app.get("/api/message", async (context) => {
		const { pk = "", sk = "" } = context.req.query();
		const detail = await model.open({ pk, sk });
		return detail ? context.json(detail) : context.notFound();
	});
	app.get("/api/corrections", async (context) => {
		const { pk = "", sk = "" } = context.req.query();
		const detail = await model.open({ pk, sk });
		const revision = detail?.revisions.find(({ attributes }) => attributes.sk === sk);
		return revision ? context.json(await correctionsOf(revision)) : context.notFound();
	});
	app.post("/api/send", async (context) => {
		const sample = wordOf((await bodyOf(context.req)).sample) ?? "";
		const exchanges = await sendSample(sample, callbackUrl, tokens[0] ?? "local");
		return exchanges ? context.json(exchanges) : context.notFound();
	});
	app.post("/api/table", async (context) => {
		await model.setTable((await bodyOf(context.req)).isThere === true);
		return context.body(null, 204);
	});
	app.post("/api/look", async (context) => {
		await model.look();
		return context.body(null, 204);
	});
	app.post("/api/redrive", async (context) => {
		await model.redrive();
		return context.body(null, 204);
	});
	app.onError((error, context) => context.text(`${error.name}: ${error.message}`, 500));
	const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port });
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${port}/`,
		async stop() {
			const closed = new Promise((resolve) => server.close(resolve));
			if ("closeAllConnections" in server) server.closeAllConnections();
			await closed;
			await model.stop();
		},
	};
}

async function bodyOf(request: { json(): Promise<unknown> }) {
	const body = await request.json();
	return isFields(body) ? body : {};
}

/** Loaded when first asked for: compiling the schemas is not for every start. */
async function correctionsOf({ attributes, text }: RevisionDetail): Promise<CorrectionSummary[]> {
	if (attributes.conformance !== "corrected" || text === undefined) return [];
	const { neededCorrections } = await import("../build/needed-corrections.ts");
	const needed = await neededCorrections(normalize(JSON.parse(text)));
	return needed.map(({ id, wrong, fix }) => ({ id, wrong, fix }));
}
