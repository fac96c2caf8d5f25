import type { Step } from "./rehearsal.ts";
import { backfill, commands } from "./steps/commands.ts";
import { watching } from "./steps/console.ts";
import { consumer } from "./steps/consumer.ts";
import { firstDeploy, remove, rollback, rotation } from "./steps/deployments.ts";
import { deadLetters, healing, ledger, outage, repetitions, samples } from "./steps/messages.ts";
import { checkAfter, checkBefore, exported, forwarded } from "./steps/owner.ts";

/** All that is rehearsed, in this order. */
export const steps: readonly Step[] = [
	checkBefore,
	firstDeploy,
	samples,
	checkAfter,
	exported,
	forwarded,
	repetitions,
	ledger,
	outage,
	rotation,
	rollback,
	healing,
	deadLetters,
	watching,
	commands,
	backfill,
	consumer,
	remove,
];
