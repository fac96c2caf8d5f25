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
	if (isSecond) await writeFile("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");

	const group = isSecond ? `/sys/fs/cgroup/${NAME}` : `/sys/fs/cgroup/cpu/${NAME}`;
	const limit = async (quota: number): Promise<void> => {
		if (isSecond) return writeFile(`${group}/cpu.max`, `${quota} ${PERIOD_US}`);
		await writeFile(`${group}/cpu.cfs_period_us`, String(PERIOD_US));
		await writeFile(`${group}/cpu.cfs_quota_us`, String(quota));
	};
	await mkdir(group, { recursive: true });
	await limit(PERIOD_US);
	return {
		async hold(pid, memory) {
			await limit(Math.round(PERIOD_US * shareOf(memory)));
			await writeFile(`${group}/cgroup.procs`, String(pid));
		},
		async close() {
			await rmdir(group);
		},
	};
}
