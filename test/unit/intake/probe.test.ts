import { expect, test } from "vitest";
import { isProbe } from "../../../lib/intake/probe.ts";
import { readRequest } from "../../../lib/intake/request.ts";
import { ANYONE } from "../../../lib/intake/secret.ts";
import { textMessage } from "../../callbacks.ts";

test.each([
	["/probe", true],
	["/message", false],
	["/room/joined", false],
])("what its sender says does not make a probe, but its path: %s: %s", async (path, expected) => {
	const body = textMessage({ path: "probe", type: "probe", chatId: "probe" });
	const { envelope } = await readRequest(
		{ ...{ method: "POST", path, query: "", timeEpoch: 0 }, body, isBase64Encoded: false },
		{ keys: [], credentials: ANYONE, onUnrecognized: "keep" },
	);
	expect(envelope && isProbe(envelope.row)).toBe(expected);
});
