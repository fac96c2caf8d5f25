import { useState } from "preact/hooks";

/** What a button does, one at a time, and whether the last one has failed. */
export function useAction() {
	const [isBusy, setBusy] = useState(false);
	const [hasFailed, setFailed] = useState(false);
	const act = async (action: () => Promise<unknown>): Promise<void> => {
		setBusy(true);
		setFailed(false);
		await action().catch(() => setFailed(true));
		setBusy(false);
	};
	return { isBusy, hasFailed, act };
}
