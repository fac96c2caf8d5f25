import type { Pulse, Stage } from "../../../console/stage.ts";

/** A stage whose parts all answer, with so much in its queues. */
export function pulse(queue: number, dead: number): Pulse {
	return {
		...{ isApiUp: true, isTableUp: true },
		...{ queue: { visible: queue, hidden: 0 }, deadLetterQueue: { visible: dead, hidden: 0 } },
	};
}

/** A stage without anything, in which each test puts what it needs. */
export function stageWith(parts: Partial<Stage>): Stage {
	return {
		...{ callbackUrl: "http://127.0.0.1:1/message", token: "", secrets: [], isOpenToAnyone: true },
		...{ isLogged: true, patience: { first: 1, longest: 10 }, dashboard: [], alarms: {} },
		...{ queueName: "r-messages", deadLetterQueueName: "r-dead-letters" },
		async *rows() {},
		async textOf(row) {
			return row.message;
		},
		async message() {
			return undefined;
		},
		async *callbacks() {},
		peek: async () => [],
		redrive: async () => {},
		discard: async () => {},
		feel: async () => pulse(0, 0),
		followLog: async () => async () => {},
		close() {},
		...parts,
	};
}
