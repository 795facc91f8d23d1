package dev.latchkey.server.cli;

import dev.latchkey.review.Anchor;
import dev.latchkey.review.Finding;
import dev.latchkey.review.Omitted;
import dev.latchkey.review.Review;
import dev.latchkey.review.Severity;
import dev.latchkey.review.Side;
import dev.latchkey.review.Usage;
import dev.latchkey.review.Visible;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A review for a person at a terminal: by file, each finding with the line it is about.
final class TextReport {
  private static final int WIDTH = 96;
  private static final String BOLD = "1";
  private static final String DIM = "2";
  private static final String RED = "1;31";
  private static final String YELLOW = "33";

  private final Report report;
  private final boolean colours;
  private final StringBuilder out = new StringBuilder();

  TextReport(Report report, boolean colours) {
    this.report = report;
    this.colours = colours;
  }

  String print() {
    Map<String, List<Finding>> byFile = new LinkedHashMap<>();
    List<Finding> unanchored = new ArrayList<>();
    for (Finding finding : report.shown()) {
      if (finding.anchor() == Anchor.UNANCHORED) {
        unanchored.add(finding);
      } else {
        byFile.computeIfAbsent(finding.path(), path -> new ArrayList<>()).add(finding);
      }
    }
    byFile.forEach(this::file);
    if (!unanchored.isEmpty()) {
      heading("Not tied to a line, without weight");
      unanchored.forEach(this::finding);
    }
    omitted();
    summary();
    return out.toString();
  }

  private void file(String path, List<Finding> findings) {
    heading(Visible.path(path));
    findings.forEach(this::finding);
  }

  private void heading(String text) {
    out.append(painted(BOLD, text)).append('\n');
  }

  private void finding(Finding finding) {
    String severity = finding.severity().name().toLowerCase(Locale.ROOT);
    out.append("  ").append(painted(DIM, place(finding))).append("  ");
    out.append(painted(colour(finding.severity()), severity)).append("  ");
    out.append(finding.category().label()).append('\n');
    wrapped(oneLine(finding.claim()));
    if (!finding.quote().isEmpty()) {
      finding
          .quote()
          .lines()
          .forEach(line -> out.append(painted(DIM, "    │ " + line)).append('\n'));
    }
    finding
        .suggestion()
        .ifPresent(
            text -> text.lines().forEach(line -> out.append("    + ").append(line).append('\n')));
    out.append('\n');
  }

  private static String place(Finding finding) {
    if (finding.anchor() == Anchor.UNANCHORED) {
      return finding.path().isEmpty() ? "no file of the diff" : Visible.path(finding.path());
    }
    String lines =
        finding.startLine().isPresent()
            ? finding.startLine().getAsInt() + "-" + finding.line()
            : Integer.toString(finding.line());
    return "line " + lines + (finding.side() == Side.LEFT ? " before the change" : "");
  }

  private void wrapped(String text) {
    StringBuilder line = new StringBuilder("   ");
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() >= WIDTH && line.length() > 3) {
        out.append(line).append('\n');
        line.setLength(3);
      }
      line.append(' ').append(word);
    }
    out.append(line).append('\n');
  }

  private void omitted() {
    List<Omitted> omitted = report.review().omitted();
    if (omitted.isEmpty()) {
      return;
    }
    heading("Not reviewed");
    for (Omitted one : omitted) {
      String detail = one.detail().isEmpty() ? "" : " (" + oneLine(one.detail()) + ")";
      out.append("  ").append(Visible.path(one.path())).append(": ");
      out.append(one.reason().label()).append(detail).append('\n');
    }
    out.append('\n');
  }

  private void summary() {
    Review review = report.review();
    review.notes().forEach(note -> out.append("Note: ").append(oneLine(note)).append('\n'));
    List<Finding> anchored = review.anchored();
    out.append(
        switch (review.verdict()) {
          case NOTHING_FOUND -> "Nothing found in what was reviewed.";
          case INCOMPLETE -> "Incomplete: part of the diff was not reviewed.";
          case FINDINGS, SERIOUS_FINDINGS -> counted(anchored) + partial(review);
        });
    out.append('\n');
    if (report.notShown() > 0) {
      out.append(report.notShown()).append(" more not printed, by --max-findings.\n");
    }
    Usage usage = review.usage();
    String tokens =
        String.format(
            Locale.ROOT,
            "%,d tokens read, %,d written.",
            usage.inputTokens(),
            usage.outputTokens());
    out.append(painted(DIM, tokens)).append('\n');
  }

  private static String partial(Review review) {
    return review.partial() ? " Part of the diff was not reviewed." : "";
  }

  private static String counted(List<Finding> findings) {
    StringBuilder kinds = new StringBuilder();
    for (Severity severity : Severity.values()) {
      long count = findings.stream().filter(finding -> finding.severity() == severity).count();
      if (count > 0) {
        String kind = count + " " + severity.name().toLowerCase(Locale.ROOT);
        kinds.insert(0, kinds.isEmpty() ? kind : kind + ", ");
      }
    }
    return (findings.size() == 1 ? "1 finding: " : findings.size() + " findings: ") + kinds + ".";
  }

  static String oneLine(String text) {
    return Visible.path(text.strip().replaceAll("\\s+", " "));
  }

  private static String colour(Severity severity) {
    return switch (severity) {
      case CRITICAL, MAJOR -> RED;
      case MINOR -> YELLOW;
      case NIT -> DIM;
    };
  }

  private String painted(String colour, String text) {
    return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }
}
