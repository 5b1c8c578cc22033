import { A } from "@/parts/link";
import { useView } from "@/url/view";
import { useMay } from "./me";
import { SECTIONS, sectionOf } from "./sections";

export function Rail() {
  const { path } = useView();
  const may = useMay();
  const here = sectionOf(path);
  return (
    <nav className="rail" aria-label="Sections">
      <A href="/" className="brand plain" aria-label="csoc, go to Now"><img src="/favicon.svg" width="18" height="18" alt="" /><span>csoc</span></A>
      <ul>
        {SECTIONS.filter((section) => !section.permission || may(section.permission)).map((section) => (
          <li key={section.href}>
            <A href={section.href} className={section === here ? "rail-item on" : "rail-item"} aria-current={section === here ? "page" : undefined} title={`${section.name} (g ${section.key})`}>
              <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden>{section.icon}</svg><span>{section.name}</span>
            </A>
          </li>
        ))}
      </ul>
    </nav>
  );
}
