import { hashOf, type Place, withOpened } from "./place.ts";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { MOST_REQUESTS, type State } from "./state.ts";
import { clockOf } from "./time.ts";

/** Every request of the run, and what lies in the table of the other callbacks. */
export function Requests(props: { state: State; place: Place; onPlace: (place: Place) => void }) {
	const { state, place, onPlace } = props;
	const { words } = useReader();
	const { requests, callbacks, setup } = state;
	const shown = requests.filter(({ status }) => !place.isRefused || status !== 200);
	return (
		<>
			<section class="card" aria-labelledby="requests" id="list" tabIndex={-1}>
				<header class="card-head">
					<h2 id="requests">{words.requests}</h2>
					<span class="quiet">{setup?.stage ? words.requestsUnknown : words.requestsNote}</span>
					{setup?.run && (
						<label class="check">
							<input
								type="checkbox"
								checked={place.isRefused}
								onChange={() => onPlace({ ...place, isRefused: !place.isRefused })}
							/>{" "}
							{words.refused}
						</label>
					)}
				</header>
				{setup?.run && shown.length === 0 && <p class="empty">{words.noRequests}</p>}
				<ul class="lines requests">
					{shown.map(({ id, at, method, url, status, reason, messageId }) => (
						<li key={id}>
							<a class="message" href={hashOf(withOpened(place, { kind: "request", id }))}>
								<time dateTime={at}>{clockOf(at, words)}</time>
								<code>
									<Seen text={`${method} ${url}`} longest={200} />
								</code>
								<span class={status === 200 ? "good" : "bad"}>
									{status} {status === 200 ? words.taken : reason && words.refusal[reason]}
								</span>
								<code class="quiet">{messageId && <Seen text={messageId} longest={64} />}</code>
							</a>
						</li>
					))}
				</ul>
				{requests.length >= MOST_REQUESTS && (
					<p class="note">{words.newestRequests(MOST_REQUESTS)}</p>
				)}
			</section>
			<section class="card" aria-labelledby="callbacks">
				<header class="card-head">
					<h2 id="callbacks">{words.otherCallbacks}</h2>
					<span class="count">{callbacks.length}</span>
					<span class="quiet">{words.otherCallbacksNote}</span>
				</header>
				<ul class="lines">
					{callbacks.map(({ pk, sk, method, path, query, receivedAt }) => (
						<li key={pk + sk}>
							<a class="message" href={hashOf(withOpened(place, { kind: "callback", pk, sk }))}>
								<time dateTime={receivedAt}>{clockOf(receivedAt, words)}</time>
								<code>
									<Seen text={`${method} /${path}${query && `?${query}`}`} longest={200} />
								</code>
							</a>
						</li>
					))}
				</ul>
			</section>
		</>
	);
}
