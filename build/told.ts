import type { Update } from "../console/protocol.ts";

/** Everything that a console tells a page that opens. @param query what the page asks to see. */
export async function toldBy(url: string, query: string): Promise<Update> {
	const ending = new AbortController();
	const { signal } = ending;
	const answer = await fetch(new URL(`api/updates?${query}`, url), { signal });
	const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
	let told: Update = {};
	let text = "";
	while (reader && !told.isWhole) {
		text += (await reader.read()).value ?? "";
		const events = text.split("\n\n");
		text = events.pop() ?? "";
		for (const event of events) told = { ...told, ...JSON.parse(event.slice("data: ".length)) };
	}
	ending.abort();
	return told;
}

/** Has a console send a sample, as its page does. */
export async function sendSample(url: string, sample: string): Promise<void> {
	await fetch(new URL("api/send", url), {
		method: "POST",
		headers: { "content-type": "application/json", origin: new URL(url).origin },
		body: JSON.stringify({ sample }),
	});
}
