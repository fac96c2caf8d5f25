import { expect, test } from "vitest";
import { openDirectory } from "../../../lib/storage/directory.ts";
import type { Entry } from "../../../lib/storage/record.ts";

const signal = new AbortController().signal;
const entry = (n: number): Entry => ({ pk: `contact#${n}`, sk: "chat#c" });

/** A directory of a process, and what it asked and wrote. */
function open(
	isThere: (entry: Entry) => Promise<boolean> = async () => false,
	put = async () => true,
) {
	const asked: string[] = [];
	const written: string[] = [];
	const enter = openDirectory(
		async (one) => {
			asked.push(one.pk);
			return isThere(one);
		},
		async (one) => {
			written.push(one.pk);
			return put();
		},
	);
	return { asked, written, enter: (one: Entry) => enter(one, signal) };
}

test("an entry is asked for once and written if it is not there", async () => {
	const { asked, written, enter } = open(async ({ pk }) => pk === "contact#1");
	for (const n of [1, 2, 1, 2]) await enter(entry(n));
	await Promise.all([enter(entry(3)), enter(entry(3))]);
	expect(asked).toEqual(["contact#1", "contact#2", "contact#3"]);
	expect(written).toEqual(["contact#2", "contact#3"]);
	await enter({ ...entry(2), expiresAt: 5 });
	expect(written).toHaveLength(3);
});

test("what cannot be asked is written; what cannot be written is told, and tried anew", async () => {
	const away = open(() => Promise.reject(new Error("away")));
	await away.enter(entry(1));
	expect(away.written).toEqual(["contact#1"]);
	let isAway = true;
	const failing = open(undefined, async () => {
		if (isAway) throw new Error("away");
		return true;
	});
	await expect(failing.enter(entry(1))).rejects.toThrow("away");
	isAway = false;
	await failing.enter(entry(1));
	expect(failing.written).toHaveLength(2);
});

test("of more than 10,000 the one that was not met for longest is forgotten", async () => {
	const { asked, enter } = open();
	for (let n = 0; n < 10_000; n++) await enter(entry(n));
	await enter(entry(0));
	expect(asked).toHaveLength(10_000);
	await enter(entry(10_000));
	await enter(entry(0));
	expect(asked).toHaveLength(10_001);
	await enter(entry(1));
	expect(asked).toHaveLength(10_002);
});
