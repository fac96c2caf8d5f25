import pMap from "p-map";

/** The SDK has 50 connections, and warns when many calls wait for one. */
const AT_ONCE = 25;

/**
 * Merges sources, each of which is in order, into one.
 *
 * @param isBefore whether one comes before another.
 */
export async function* merge<One>(
	sources: readonly AsyncGenerator<readonly One[]>[],
	isBefore: (a: One, b: One) => boolean,
): AsyncGenerator<One> {
	const heads = await pMap(sources, (source) => nextOf(source), { concurrency: AT_ONCE });
	for (;;) {
		let first: Head<One> | undefined;
		for (const head of heads) {
			if (head && (!first || isBefore(head.one, first.one))) first = head;
		}
		if (!first) return;
		yield first.one;
		heads[heads.indexOf(first)] = await nextOf(first.source, first.rest);
	}
}

/** The next of a source, and what of its page is left, last first. */
interface Head<One> {
	readonly one: One;
	readonly rest: One[];
	readonly source: AsyncGenerator<readonly One[]>;
}

async function nextOf<One>(
	source: AsyncGenerator<readonly One[]>,
	left: One[] = [],
): Promise<Head<One> | undefined> {
	let rest = left;
	while (rest.length === 0) {
		const { value, done } = await source.next();
		if (done) return undefined;
		rest = value.toReversed();
	}
	const one = rest.pop();
	return one === undefined ? undefined : { one, rest, source };
}

/** The same in pages. */
export async function* inPages<One>(
	ones: AsyncIterable<One>,
	pageSize: number,
): AsyncGenerator<One[]> {
	let page: One[] = [];
	for await (const one of ones) {
		page.push(one);
		if (page.length < pageSize) continue;
		yield page;
		page = [];
	}
	if (page.length > 0) yield page;
}
