package dev.latchkey.review;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Markdown for GitHub in which nothing a model or a diff says is active: no mention, no issue
/// reference, no closing keyword, no HTML, no image, no link, no invisible character. Both bodies
/// are well below GitHub's 65,536 characters, so that a marker fits behind.
public final class Neutral {
  private static final int MAX_CLAIM = 2_000;
  private static final int MAX_LISTED_CLAIM = 500;
  private static final int MAX_QUOTE = 200;
  private static final int MAX_PATH = 300;

  /// Four of these, the model's words and a few lines of ours stay below 60,000. What is too much
  /// is left out by whole entries: a cut inside one could leave its code span open.
  private static final int MAX_SECTION = 12_000;

  private Neutral() {}

  /// The body of a comment at the finding's line, at most 20,000 characters.
  public static String comment(Finding finding) {
    String words = heading(finding) + " " + Escaped.paragraph(finding.claim(), MAX_CLAIM);
    return finding.suggestion().map(text -> words + "\n\n" + suggestion(text)).orElse(words);
  }

  /// A finding in one line of Markdown, with its place, at most 2,000 characters.
  public static String line(Finding finding) {
    return listed(finding);
  }

  private static String suggestion(String text) {
    String fence = "`".repeat(Math.max(3, Escaped.longestRun(text) + 1));
    return fence + "suggestion\n" + (text.isEmpty() ? "" : text + "\n") + fence;
  }

  private static String heading(Finding finding) {
    return "**" + finding.severity() + "** (" + finding.category().label() + "):";
  }

  /// The body of the review, at most 60,000 characters. What stands at its line isn't repeated.
  public static String summary(Review review) {
    return body(review, List.of(), review.further(), review.unanchored());
  }

  /// The review as a document of its own, at most 60,000 characters.
  ///
  /// @param shown the findings to be listed
  public static String report(Review review, List<Finding> shown) {
    Map<Boolean, List<Finding>> anchored =
        shown.stream().collect(Collectors.partitioningBy(one -> one.anchor() != Anchor.UNANCHORED));
    return body(
        review,
        anchored.getOrDefault(true, List.of()),
        List.of(),
        anchored.getOrDefault(false, List.of()));
  }

  private static String body(
      Review review, List<Finding> findings, List<Finding> further, List<Finding> unanchored) {
    StringBuilder body = new StringBuilder(verdict(review)).append('\n');
    if (!review.summary().isBlank()) {
      String words = Escaped.paragraph(review.summary(), MAX_CLAIM);
      body.append("\nThe model's summary: ").append(words).append('\n');
    }
    section(body, "Findings", findings, Neutral::listed);
    section(body, "Further findings", further, Neutral::listed);
    section(body, "Not tied to a line of this change", unanchored, Neutral::listed);
    section(body, "Not reviewed", review.omitted(), Neutral::listed);
    section(body, "About this run", review.notes(), note -> Escaped.paragraph(note, MAX_CLAIM));
    Usage usage = review.usage();
    String head = review.headSha();
    body.append(
        String.format(
            Locale.ROOT,
            "\n%s%,d tokens read, %,d written by the model.\n",
            head.isEmpty() ? "" : "Reviewed at " + Escaped.code(head, 64) + ". ",
            usage.inputTokens(),
            usage.outputTokens()));
    return body.toString();
  }

  private static String verdict(Review review) {
    int count = review.findings().size() + review.further().size();
    String part = review.partial() ? " Part of the change was not reviewed, see below." : "";
    return switch (review.verdict()) {
      case NOTHING_FOUND -> "Nothing found in what was reviewed. This is not an approval.";
      case INCOMPLETE -> "**This review is incomplete.** It says nothing about what was not read.";
      case FINDINGS -> "**" + counted(count) + "**, none of them MAJOR or worse." + part;
      case SERIOUS_FINDINGS ->
          "**" + counted(count) + "**, the most severe is " + worst(review) + "." + part;
    };
  }

  private static String counted(int count) {
    return count == 1 ? "1 finding" : count + " findings";
  }

  private static Severity worst(Review review) {
    return review.anchored().getFirst().severity();
  }

  private static <T> void section(
      StringBuilder body, String title, List<T> entries, Function<T, String> form) {
    if (entries.isEmpty()) {
      return;
    }
    body.append("\n### ").append(title).append("\n\n");
    int end = body.length() + MAX_SECTION;
    int listed = 0;
    for (T entry : entries) {
      String line = "- " + form.apply(entry) + "\n";
      if (body.length() + line.length() > end) {
        break;
      }
      body.append(line);
      listed++;
    }
    if (listed < entries.size()) {
      body.append("- and ").append(entries.size() - listed).append(" more\n");
    }
  }

  private static String listed(Finding finding) {
    String place = finding.path().isEmpty() ? "no file of the change" : finding.path();
    boolean anchored = finding.anchor() != Anchor.UNANCHORED;
    String path = Escaped.code(anchored ? place + ":" + finding.line() : place, MAX_PATH);
    String quote = Escaped.oneLine(finding.quote());
    return heading(finding)
        + " "
        + path
        + " "
        + Escaped.paragraph(finding.claim(), MAX_LISTED_CLAIM)
        + (quote.isEmpty() ? "" : " — " + Escaped.code(quote, MAX_QUOTE));
  }

  private static String listed(Omitted omitted) {
    String reason = omitted.reason().label();
    return Escaped.code(omitted.path(), MAX_PATH)
        + ": "
        + reason
        + (omitted.detail().isEmpty()
            ? ""
            : " (" + Escaped.paragraph(omitted.detail(), MAX_PATH) + ")");
  }
}
