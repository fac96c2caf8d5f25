/**
 * How long a function waits for AWS, in ms. The functions' time-outs in `serverless.yml` leave room for
 * these, and for a start: what runs into its time-out can neither answer nor count.
 */
export const budgets = {
	/**
	 * The platform waits for an unpublished time and then sends again, so a request has to be answered
	 * within 3 s even when nothing answers here. Two tries fit into the queue's part, two into the table's,
	 * and the rest is for a start and the largest body (`npm run failing` in bench/).
	 */
	receive: { queue: 1_200, table: 1_000 },
	/** The table for a message, then the queue for those that have to wait, or are set aside. */
	store: { table: 7_000, queue: 1_300 },
} as const;
