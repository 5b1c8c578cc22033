import type { ReactNode } from "react";

export interface Section { href: string; name: string; key: string; icon: ReactNode; permission?: string }

const line = (path: string) => <path d={path} fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" strokeLinejoin="round" />;

/** The rail, and the letters of `g …`. */
export const SECTIONS: Section[] = [
  { href: "/", name: "Now", key: "n", icon: line("M2 8h2.5l1.7-4.5 3 9L11 8h3") },
  { href: "/commons", name: "Commons", key: "c", icon: line("M2.5 3h11M2.5 8h11M2.5 13h11M5 1.8v2.4M10.5 6.8v2.4M7 11.8v2.4") },
  { href: "/clusters", name: "Clusters", key: "k", icon: line("m8 1.8 5.4 3.1v6.2L8 14.2l-5.4-3.1V4.9zM8 8l5.4-3.1M8 8v6.2M8 8 2.6 4.9") },
  { href: "/releases", name: "Releases", key: "r", icon: line("M2.5 2.5h3v3h-3zM10.5 2.5h3v3h-3zM2.5 10.5h3v3h-3zM10.5 10.5h3v3h-3zM6.5 4h3M6.5 12h3M4 6.5v3M12 6.5v3") },
  { href: "/changes", name: "Changes", key: "h", icon: line("M8 1.5v4M8 10.5v4M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z") },
  { href: "/findings", name: "Findings", key: "f", icon: line("M8 2.2 14.2 13H1.8zM8 6.5v3M8 11.2v.1"), permission: "finding:read" },
  { href: "/compare", name: "Compare", key: "d", icon: line("M5 2v12M11 2v12M2.5 5 5 2l2.5 3M8.5 11l2.5 3 2.5-3"), permission: "config:read" },
  { href: "/audit", name: "Audit", key: "a", icon: line("M4 1.8h6l2.5 2.5v9.9H4zM6.2 7h4M6.2 9.5h4M6.2 12h2.4"), permission: "audit:read" },
  { href: "/settings", name: "Settings", key: "s", icon: line("M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M10.5 3v3M5.5 10v3") },
];

export const sectionOf = (path: string): Section | undefined =>
  SECTIONS.find((section) => section.href !== "/" && (path === section.href || path.startsWith(`${section.href}/`))) ?? (path === "/" ? SECTIONS[0] : undefined);
