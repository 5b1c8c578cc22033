import type { TagHistory } from "@/api/types";
import { Copy } from "@/parts/copy";
import { A } from "@/parts/link";
import { day, exact } from "@/words/time";
import { many } from "@/words/say";

/** What one service ran in one commons, step by step, and who else runs the same now. */
export function TagStory({ story }: { story: TagHistory }) {
  return (
    <>
      <section className="section">
        <header><h2>History of the tag</h2><span className="dim">{many(story.steps.length, "step")}</span></header>
        {story.steps.length === 0 && <p className="dim">The tag has not changed since the source’s first landing.</p>}
        <ol className="steps">
          {story.steps.map((step) => (
            <li key={`${step.commit} ${step.tag ?? ""}`}>
              <time className="dim" dateTime={step.at} title={exact(step.at)}>{day(step.at)}</time>
              <span className="mono">{step.tag ? <Copy text={step.tag} /> : <span className="dim">off</span>}</span>
              <span className="cut">{step.change ? <A href={`/changes?open=${step.change}`} className="plain">{step.pull_request ? `#${String(step.pull_request)} ` : ""}{step.title}</A> : step.title}</span>
              <span className="dim cut">{step.author}</span>
            </li>
          ))}
        </ol>
      </section>
      <section className="section">
        <header><h2>On the same tag</h2><span className="dim">{story.same_tag.length}</span></header>
        {story.same_tag.length === 0 ? <p className="dim">No other commons runs it.</p> : <ul className="names">{story.same_tag.map((one) => <li key={one.id}><A href={`/commons/${one.id}`} className="plain mono">{one.name}</A> <span className="dim">{one.tier}</span></li>)}</ul>}
      </section>
    </>
  );
}
