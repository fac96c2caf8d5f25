import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverlessCommand } from "../../local/definitions.ts";
import { copyProject } from "./packaged.ts";

// What `npm run package` writes is what `npm run deploy` uploads: no secret may be in any of it.

/** Neither is hexadecimal, so that no digest can hold one; both have what JSON and URLs may escape. */
const TOKEN = "Zz~secret-token_0123456789";
const OTHER = "Yy~other.token-9876543210";
const KEY = "Xx~secret.key-0123456789";

const ROBOT_KEY = "Ww~robot-key_0123456789";
const ROBOT = `https://oapi.dingtalk.com/robot/send?access_token=${ROBOT_KEY}`;

let project: string;
beforeAll(async () => {
	project = await copyProject();
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** Every file that packaging leaves behind, those inside of archives, too. */
async function artifacts(): Promise<Map<string, Buffer>> {
	const directory = join(project, ".serverless");
	const found = new Map<string, Buffer>();
	for (const name of await readdir(directory, { recursive: true })) {
		const bytes = await readFile(join(directory, name));
		found.set(name, bytes);
		if (!name.endsWith(".zip")) continue;
		for (const [inner, content] of Object.entries(unzipSync(bytes))) {
			found.set(`${name}/${inner}`, Buffer.from(content));
		}
	}
	return found;
}

/** The forms in which a secret could hide: as it is, in Base64 at each offset, escaped in JSON or URL. */
function spellings(secret: string): string[] {
	const base64 = [0, 1, 2].flatMap((offset) => {
		const text = Buffer.from("x".repeat(offset) + secret).toString("base64");
		// The first and the last group hold bits of what stands beside.
		return text.slice(offset === 0 ? 0 : 4, -4);
	});
	const escaped = [...secret].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
	const percent = [...secret].map((one) => `%${one.charCodeAt(0).toString(16)}`);
	return [
		secret,
		...base64,
		...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
		Buffer.from(secret).toString("hex"),
		Buffer.from(secret, "utf16le").toString("latin1"),
		escaped.join(""),
		percent.join(""),
		secret.replaceAll("~", "\\u007e"),
		secret.replaceAll("~", "%7E"),
	];
}

test.each<[string, readonly string[], Record<string, string>, string]>([
	["--param", [`tokens=${TOKEN},${OTHER}`, `keys=${KEY}`, `alarmRobot=${ROBOT}`], {}, ""],
	[
		"the environment",
		[],
		{ CALLBACK_TOKENS: `${TOKEN},${OTHER}`, CALLBACK_KEYS: KEY, ALARM_ROBOT: ROBOT },
		"",
	],
	[
		"both",
		[`tokens=${TOKEN}`],
		{ CALLBACK_TOKENS: OTHER, CALLBACK_KEYS: KEY, ALARM_ROBOT: ROBOT },
		"",
	],
	[
		"a file .env",
		[],
		{},
		`CALLBACK_TOKENS=${TOKEN},${OTHER}\nCALLBACK_KEYS=${KEY}\nALARM_ROBOT=${ROBOT}\n`,
	],
])("secrets by %s are in no artifact", async (_way, parameters, environment, dotenv) => {
	await rm(join(project, ".serverless"), { recursive: true, force: true });
	await writeFile(join(project, ".env"), dotenv);
	const { CALLBACK_TOKENS: _, CALLBACK_KEYS: __, ALARM_ROBOT: ___, ...others } = process.env;
	await execa(
		process.execPath,
		[
			serverlessCommand,
			...["package", "--stage", "prod"],
			...parameters.flatMap((one) => ["--param", one]),
		],
		{ cwd: project, env: { ...others, ...environment }, extendEnv: false },
	);
	const files = await artifacts();
	expect([...files.keys()]).toEqual(
		expect.arrayContaining(["serverless-state.json", "receive.zip/dist/receive/index.cjs"]),
	);
	const template = String(files.get("cloudformation-template-update-stack.json"));
	expect(template).toMatch(/"CALLBACK_TOKEN_DIGESTS": ?"[0-9a-f]{64}/);
	expect(template).toMatch(/"CALLBACK_KEY_DIGESTS": ?"[0-9a-f]{64}/);
	expect(template).toContain('"AlarmRobotSecret"');
	for (const [name, bytes] of files) {
		const text = bytes.toString("latin1").toLowerCase();
		for (const spelling of [TOKEN, OTHER, KEY, ROBOT_KEY].flatMap(spellings)) {
			expect(text.includes(spelling.toLowerCase()), `${name} holds ${spelling}`).toBe(false);
		}
	}
});
