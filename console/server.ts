import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type HttpBindings, serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { streamSSE } from "hono/streaming";
import { isObject, numberOf, wordOf } from "../lib/message/json-text.ts";
import { normalize } from "../lib/message/shape.ts";
import { isOwn } from "./guard.ts";
import type { CorrectionSummary, Draft, RevisionDetail, Setup, Update } from "./protocol.ts";
import { sampleChoices } from "./samples.ts";
import { sendDraft, sendSample } from "./sending.ts";
import type { Stage } from "./stage.ts";
import { given } from "./watch/fields.ts";
import { filterOf } from "./watch/filter.ts";
import { openWatch, type View } from "./watch/watch.ts";

/** The page that shows what a stage does. */
export interface Console {
	readonly url: string;
	stop(): Promise<void>;
}

const page = fileURLToPath(new URL("../dist/console/", import.meta.url));

/** So many updates a page may be behind; one that reads nothing any more is let go. */
const MOST_BEHIND = 50;
/** Nobody has so many pages open; the oldest is let go, and comes back if there is somebody. */
const MOST_READERS = 20;
const USUAL_PAGE = 50;
const LONGEST_PAGE = 500;
const LONGEST_HOURS = 168;

type Env = { Bindings: HttpBindings };

/**
 * Serves the console on loopback. SDK clients of this process have to be set up for the stage.
 *
 * @throws when the port is taken.
 */
export async function startConsole(stage: Stage, port: number): Promise<Console> {
	const { name, run } = stage;
	const setup: Setup = {
		...given("stage", name),
		...(run && {
			run: {
				callbackUrl: run.callbackUrl,
				isOpenToAnyone: run.isOpenToAnyone,
				isLogged: run.isLogged,
				samples: sampleChoices,
			},
		}),
		canTakeTable: stage.setTable !== undefined,
		canSwitchUrl: stage.platform !== undefined,
		canDiscard: stage.letters.discard !== undefined,
	};
	const watch = await openWatch(stage);
	/** How to let each reader of updates go, the oldest first. */
	const readers = new Set<() => void>();
	const app = new Hono<Env>();
	app.use(async (context, next) => {
		const { method } = context.req;
		const [host, origin, site, mode] = ["host", "origin", "sec-fetch-site", "sec-fetch-mode"].map(
			(name) => context.req.header(name),
		);
		if (!isOwn({ method, host, origin, site, mode })) return context.text("not from here", 403);
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
	const onFound = (_file: string, context: Context<Env>): void =>
		context.header("cache-control", "no-cache");
	app.get("/:file?", serveStatic<Env>({ root: page, onFound }));
	app.get("/api/updates", (context) =>
		streamSSE(context, async (stream) => {
			const view = viewOf(context);
			const letGo = (): void => {
				readers.delete(letGo);
				context.env.outgoing.destroy();
			};
			readers.add(letGo);
			const [oldest] = readers;
			if (readers.size > MOST_READERS) oldest?.();
			let behind = 0;
			let writing: Promise<void> = Promise.resolve();
			const write = (update: Update): void => {
				if (behind >= MOST_BEHIND) {
					letGo();
					return;
				}
				behind++;
				writing = writing
					.then(() => stream.writeSSE({ data: JSON.stringify(update) }))
					.catch(() => undefined)
					.finally(() => behind--);
			};
			write({ setup });
			const unlisten = watch.listen(view, write);
			await new Promise<void>((resolve) => {
				stream.onAbort(resolve);
				context.env.outgoing.once("close", resolve);
			});
			unlisten();
			readers.delete(letGo);
		}),
	);
	app.get("/api/messages", async (context) => {
		const { filter, limit } = viewOf(context);
		return context.json(await watch.list(filter, limit, context.req.query("before")));
	});
	const openRow = (context: Context<Env>) => {
		const { pk = "", sk = "" } = context.req.query();
		return watch.open({ pk, sk });
	};
	app.get("/api/message", async (context) => answer(context, await openRow(context)));
	app.get("/api/corrections", async (context) => {
		const revisions = (await openRow(context))?.revisions ?? [];
		const sk = context.req.query("sk");
		const revision = revisions.find(({ attributes }) => attributes.sk === sk);
		return answer(context, revision && (await correctionsOf(revision)));
	});
	app.get("/api/callback", async (context) => {
		const { pk = "", sk = "" } = context.req.query();
		return answer(context, await watch.openCallback({ pk, sk }));
	});
	app.get("/api/request", (context) =>
		answer(context, watch.openRequest(context.req.query("id") ?? "")),
	);
	app.post("/api/send", async (context) => {
		const { sample, draft } = await bodyOf(context);
		if (!run) return context.notFound();
		if (isDraft(draft)) return context.json([await sendDraft(draft, run)]);
		return answer(context, await sendSample(wordOf(sample) ?? "", run));
	});
	app.post("/api/fill", async (context) => answer(context, await stage.platform?.fill()));
	const actions: Readonly<Record<string, false | undefined | ((body: Body) => Promise<void>)>> = {
		table: setup.canTakeTable && (({ isThere }) => watch.setTable(isThere === true)),
		url: stage.platform && (async ({ isThere }) => stage.platform?.setUrl(isThere === true)),
		look: () => watch.look(),
		redrive: ({ id }) => watch.redrive(wordOf(id)),
		discard: setup.canDiscard && (({ id }) => watch.discard(wordOf(id) ?? "")),
	};
	for (const [name, act] of Object.entries(actions)) {
		if (!act) continue;
		app.post(`/api/${name}`, async (context) => {
			await act(await bodyOf(context));
			return context.body(null, 204);
		});
	}
	app.onError((error, context) => context.text(`${error.name}: ${error.message}`, 500));
	const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port });
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${port}/`,
		async stop() {
			const closed = new Promise((resolve) => server.close(resolve));
			if ("closeAllConnections" in server) server.closeAllConnections();
			await closed;
			await watch.stop();
		},
	};
}

function viewOf(context: Context<Env>): View {
	const limit = numberOf(context.req.query("limit")) ?? USUAL_PAGE;
	return {
		filter: filterOf((name) => context.req.query(name)),
		limit: Math.min(LONGEST_PAGE, Math.max(0, limit)),
		hours: Math.min(
			LONGEST_HOURS,
			Math.max(0, Math.round(numberOf(context.req.query("hours")) ?? 0)),
		),
	};
}

function answer(context: Context<Env>, found: object | undefined) {
	return found ? context.json(found) : context.notFound();
}

type Body = Readonly<Record<string, unknown>>;

async function bodyOf(context: Context<Env>): Promise<Body> {
	const body: unknown = await context.req.json();
	return isObject(body) ? body : {};
}

function isDraft(value: unknown): value is Draft {
	if (!isObject(value) || !isObject(value.body)) return false;
	const { method, path, body } = value;
	const isBody =
		typeof body.text === "string" && (body.encoding === "utf8" || body.encoding === "base64");
	return typeof method === "string" && typeof path === "string" && isBody;
}

/** Loaded when first asked for: compiling the schemas is not for every start. */
async function correctionsOf({ attributes, text }: RevisionDetail): Promise<CorrectionSummary[]> {
	if (attributes.conformance !== "corrected" || text === undefined) return [];
	const { neededCorrections } = await import("../build/needed-corrections.ts");
	const needed = await neededCorrections(normalize(JSON.parse(text)));
	return needed.map(({ id, wrong, fix }) => ({ id, wrong, fix }));
}
