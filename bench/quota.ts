import { existsSync } from "node:fs";
import { mkdir, rmdir, writeFile } from "node:fs/promises";

// Lambda gives the start of a process more, and an invocation memory / 1,769 MB of a CPU
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html).

const WHOLE_CPU_MB = 1_769;
const PERIOD_US = 20_000;
/** Commands may run at the same time. */
const NAME = `miaohui-${process.pid}`;

/** The kernel's scheduler, which holds a process to a share of a CPU. */
export interface Quota {
	/** Holds a process from now on, with all its threads. */
	hold(pid: number, memory: number): Promise<void>;
	close(): Promise<void>;
}

/** @returns what a memory buys of a CPU. */
export function shareOf(memory: number): number {
	return memory / WHOLE_CPU_MB;
}

/**
 * @returns undefined where the shares of a CPU cannot be told apart: that takes Linux, its control
 * groups with the CPU controller (version 1 or 2), and root.
 */
export async function openQuota(): Promise<Quota | undefined> {
	try {
		return await openGroup();
	} catch {
		return undefined;
	}
}

/** Says why nothing is measured. */
export const NO_QUOTA =
	"not measured: the share of a CPU takes Linux, cgroups with the CPU controller, and root";

async function openGroup(): Promise<Quota> {
	const isSecond = existsSync("/sys/fs/cgroup/cgroup.controllers");
	const root = isSecond ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu";
	if (isSecond) await writeFile(`${root}/cgroup.subtree_control`, "+cpu");
	const [free, held] = [`${root}/${NAME}-free`, `${root}/${NAME}-held`];
	for (const group of [free, held]) {
		await mkdir(group, { recursive: true });
		// What else the machine does comes after this.
		if (isSecond) await writeFile(`${group}/cpu.weight`, "10000");
		else await writeFile(`${group}/cpu.shares`, "262144");
	}
	const enter = (group: string, pid: number) => writeFile(`${group}/cgroup.procs`, String(pid));
	await enter(free, process.pid);
	return {
		async hold(pid, memory) {
			const quota = Math.round(PERIOD_US * shareOf(memory));
			if (isSecond) await writeFile(`${held}/cpu.max`, `${quota} ${PERIOD_US}`);
			else {
				await writeFile(`${held}/cpu.cfs_period_us`, String(PERIOD_US));
				await writeFile(`${held}/cpu.cfs_quota_us`, String(quota));
			}
			await enter(held, pid);
		},
		async close() {
			await enter(root, process.pid);
			await rmdir(held);
			await rmdir(free);
		},
	};
}
