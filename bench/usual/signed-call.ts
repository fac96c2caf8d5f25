import { createHash, createHmac } from "node:crypto";

const { AWS_REGION = "", AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN = "" } = process.env;
const { AWS_SECRET_ACCESS_KEY = "" } = process.env;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer =>
	createHmac("sha256", key).update(text).digest();

/** The least that calls AWS: one request, signed by hand. */
export function openCall(
	service: string,
	target: string,
	version: string,
	endpoint: URL,
): (input: object) => Promise<void> {
	const { request } =
		endpoint.protocol === "https:"
			? process.getBuiltinModule("node:https")
			: process.getBuiltinModule("node:http");
	return async (input) => {
		const content = JSON.stringify(input);
		const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
		const scope = `${time.slice(0, 8)}/${AWS_REGION}/${service}/aws4_request`;
		const signed = {
			"content-type": `application/x-amz-json-${version}`,
			host: endpoint.host,
			"x-amz-date": time,
			"x-amz-security-token": AWS_SESSION_TOKEN,
			"x-amz-target": target,
		};
		const names = Object.keys(signed).join(";");
		const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
		const canonical = `POST\n/\n\n${lines.join("")}\n${names}\n${sha256(content)}`;
		const key = [scope.slice(0, 8), AWS_REGION, service, "aws4_request"].reduce<string | Buffer>(
			hmac,
			`AWS4${AWS_SECRET_ACCESS_KEY}`,
		);
		const signature = hmac(
			Buffer.from(key),
			`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`,
		).toString("hex");
		const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
		const status = await new Promise<number | undefined>((resolve, reject) => {
			const call = request(new URL("/", endpoint), {
				method: "POST",
				headers: { ...signed, authorization },
			});
			call.on("response", (response) => {
				response.resume().on("end", () => resolve(response.statusCode));
			});
			call.on("error", reject).end(content);
		});
		if (status !== 200) throw new Error(`${service} answered ${status}`);
	};
}
