import type { RehearsedStage } from "./stage.ts";

/** What a step has shown. */
export interface Finding {
	readonly shown: string;
	/** What it would show on AWS, and why it does not here. */
	readonly notShown?: string;
}

/** One thing that is rehearsed. */
export interface Step {
	readonly title: string;
	/** Whether nothing else can be shown when it fails. */
	readonly isGround?: boolean;
	/** @throws when it does not come out as promised. */
	run(stage: RehearsedStage): Promise<Finding>;
}

/**
 * Goes through the steps, one after the other.
 *
 * @param print takes a line.
 * @returns how many failed; those that could not be tried any more count, too.
 */
export async function rehearse(
	stage: RehearsedStage,
	steps: readonly Step[],
	print: (line: string) => void,
): Promise<number> {
	const start = performance.now();
	let failed = 0;
	for (const [at, step] of steps.entries()) {
		const began = performance.now();
		try {
			const { shown, notShown } = await step.run(stage);
			print(`✓ ${step.title}: ${shown} (${secondsSince(began)})`);
			if (notShown !== undefined) print(`  not shown: ${notShown}`);
		} catch (error) {
			const words = error instanceof Error ? error.message : String(error);
			print(`✗ ${step.title}: ${words.slice(0, LONGEST_REASON)}`);
			failed += step.isGround ? steps.length - at : 1;
			if (step.isGround) break;
		}
	}
	print(`${steps.length - failed} of ${steps.length} steps in ${secondsSince(start)}`);
	return failed;
}

/** The difference of two tables would be pages. */
const LONGEST_REASON = 1_000;

function secondsSince(start: number): string {
	return `${((performance.now() - start) / 1_000).toFixed(1)} s`;
}
