package dev.latchkey.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The rules about the documents: no dead links, every module is explained, every decision says
/// what it costs.
final class DocumentRules {
  private static final List<String> DECISION_PARTS =
      List.of("Context", "Decision", "Price", "How we'd notice it was wrong");
  private static final Pattern DECISION = Pattern.compile("docs/decisions/.*\\.md");
  private static final Pattern DECISION_NAME =
      Pattern.compile("docs/decisions/\\d{4}-[a-z0-9-]+\\.md");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern OUTSIDE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  private final Repository repository;
  private final List<Violation> found = new ArrayList<>();

  private DocumentRules(Repository repository) {
    this.repository = repository;
  }

  static List<Violation> check(Repository repository) {
    DocumentRules rules = new DocumentRules(repository);
    repository.files(".md").forEach(rules::checkDocument);
    rules.checkArchitecture();
    return rules.found;
  }

  private void checkDocument(Path file) {
    String name = repository.name(file);
    List<String> lines = prose(file);
    for (int i = 0; i < lines.size(); i++) {
      Matcher link = LINK.matcher(lines.get(i));
      while (link.find()) {
        checkLink(file, i + 1, link.group(1));
      }
    }
    if (DECISION.matcher(name).matches()) {
      checkDecision(name, lines);
    }
  }

  /// The document's lines, with those inside code blocks empty.
  private List<String> prose(Path file) {
    List<String> lines = new ArrayList<>();
    boolean code = false;
    for (String line : repository.text(file).lines().toList()) {
      boolean fence = line.strip().startsWith("```");
      lines.add(code || fence ? "" : line);
      code ^= fence;
    }
    return lines;
  }

  private void checkLink(Path from, int line, String link) {
    if (OUTSIDE.matcher(link).matches()) {
      return;
    }
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? from : from.resolveSibling(path).normalize();
    boolean dead = !Files.exists(target);
    if (!dead && hash >= 0 && target.toString().endsWith(".md")) {
      dead = !headings(target).contains(link.substring(hash + 1));
    }
    if (dead) {
      found.add(new Violation(repository.name(from), line, "dead-link", link));
    }
  }

  /// The anchors that GitHub makes of a document's headings.
  private Set<String> headings(Path file) {
    return prose(file).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+", "").strip().toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private void checkDecision(String name, List<String> lines) {
    if (!DECISION_NAME.matcher(name).matches()) {
      found.add(new Violation(name, 1, "decision", "the name is not NNNN-words-with-dashes.md"));
    }
    for (String part : DECISION_PARTS) {
      if (!lines.contains("## " + part)) {
        found.add(new Violation(name, 1, "decision", "has no heading '## " + part + "'"));
      }
    }
  }

  private void checkArchitecture() {
    Path file = repository.root().resolve("ARCHITECTURE.md");
    String text = Files.exists(file) ? repository.text(file) : "";
    for (String module : repository.modules()) {
      if (!text.contains("**" + module + "**")) {
        found.add(
            new Violation(
                "ARCHITECTURE.md", 1, "architecture", "does not name **" + module + "**"));
      }
    }
  }
}
