import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askCaller, readRegion } from "../../../lib/archive/caller.ts";
import { listenOn } from "../../../local/port.ts";

// STS speaks XML, as its page prints it:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const ANSWER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
	<GetCallerIdentityResult>
		<Arn>arn:aws:iam::123456789012:user/owner</Arn>
		<UserId>AIDA</UserId>
		<Account>123456789012</Account>
	</GetCallerIdentityResult>
</GetCallerIdentityResponse>`;

const asked: string[] = [];
let stop: () => Promise<void>;
beforeAll(async () => {
	const server = createServer(async (request, response) => {
		asked.push(await text(request));
		response.end(ANSWER);
	});
	stop = await listenOn(server, 0);
	Object.assign(process.env, {
		...{ AWS_REGION: "cn-north-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
		AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${Object(server.address()).port}`,
	});
});
afterAll(() => stop());

test("who asks, and where", async () => {
	const caller = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/owner" };
	expect(await askCaller()).toEqual({ ...caller, region: "cn-north-1" });
	expect(asked).toEqual([expect.stringContaining("Action=GetCallerIdentity")]);
	expect(await readRegion()).toBe("cn-north-1");
});
