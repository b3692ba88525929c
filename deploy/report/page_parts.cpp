#include "deploy/report/page_parts.h"

#include "deploy/report/html_text.h"

namespace tacit {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6573; --page: #f6f7f9;
  --card: #ffffff; --line: #d9dee5; --good: #00714f; --bad: #b3260e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --soft: #9aa5b3; --page: #14181e;
  --card: #1d232b; --line: #343c47; --good: #4cc79b; --bad: #ff8a70; } }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, "DejaVu Sans", Verdana, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p.facts { color: var(--soft); margin: .2rem 0 1rem; }
p.verdict { border-left: .4rem solid; padding: .6rem .9rem; background: var(--card);
  font-weight: 600; margin: 0; }
p.verdict.good, td.good { color: var(--good); } p.verdict.bad, td.bad { color: var(--bad); }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; background: var(--card); width: 100%; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
figure { margin: 0 0 1.4rem; background: #ffffff; border: 1px solid var(--line);
  border-radius: .4rem; overflow: hidden; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { padding: .6rem .9rem; background: var(--card); border-top: 1px solid var(--line); }
figcaption a { color: var(--soft); font-size: .85rem; }
code, pre { font: .9em/1.45 "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--card); padding: .8rem; overflow-x: auto; border: 1px solid var(--line); }
a { color: inherit; }
@media print { body { background: white; } figure { break-inside: avoid; } }
)";

}  // namespace

std::string page(const std::string& title, const std::string& main_part) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         escaped(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<main>\n" +
         main_part + "</main>\n</body>\n</html>\n";
}

std::string cell(const std::string& text, const char* kind) {
  const std::string attribute = *kind == '\0' ? "" : " class=\"" + std::string(kind) + '"';
  return "<td" + attribute + '>' + escaped(text) + "</td>";
}

std::string heading(const std::string& text, const char* kind) {
  const std::string attribute = *kind == '\0' ? "" : " class=\"" + std::string(kind) + '"';
  return "<th" + attribute + " scope=\"col\">" + escaped(text) + "</th>";
}

std::string name_row(const std::string& name, const std::string& value) {
  return "<tr><th scope=\"row\">" + escaped(name) + "</th>" + cell(value) + "</tr>\n";
}

std::string figures_part(std::span<const Figure> figures) {
  if (figures.empty()) return "";
  std::string text = "<h2>Figures</h2>\n";
  for (const Figure& figure : figures) {
    const std::string file = "plots/" + figure.stem + ".svg";
    text += "<figure id=\"figure-" + escaped(figure.stem) + "\">\n" +
            inlined_svg(figure.svg, figure.stem, figure.title) + "<figcaption>" +
            escaped(figure.caption) + " <a href=\"" + link_target(file) + "\">" + escaped(file) +
            "</a></figcaption>\n</figure>\n";
  }
  return text;
}

}  // namespace tacit
