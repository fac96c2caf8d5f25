import { expect, test } from "vitest";
import { acknowledgement, refusal, refusals } from "../../../lib/intake/reply.ts";

test("only what is safe is answered 0, and what is unusual about it is said", () => {
	expect(acknowledgement()).toEqual({ status: 200, errcode: 0, errmsg: "ok" });
	expect(acknowledgement("required /data/payload/text 7")).toEqual({
		...{ status: 200, errcode: 0 },
		errmsg: "/data/payload/text is required for type 7 (文字)",
	});
});

test("no refusal looks like an acknowledgement, and each says what is wrong, and where", () => {
	for (const [reason, reply] of Object.entries(refusals)) {
		expect(reply.errcode, reason).not.toBe(0);
		expect(reply.status, reason).toBeGreaterThanOrEqual(400);
		expect(reply.errmsg.length, reason).toBeGreaterThan(10);
	}
	expect(refusal("token")).toBe(refusals.token);
	const { errmsg } = refusal("unrecognized", ["required /data/a", "type /data/b number"]);
	expect(errmsg).toBe(
		`${refusals.unrecognized.errmsg}: /data/a is required; /data/b must be number`,
	);
});
