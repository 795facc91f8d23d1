package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What a diff came to.
///
/// @param headSha the commit it is about, as the snapshot named it; GitHub's own note of it moves
///   when somebody pushes by force
/// @param partial whether something was not read that should have been; [#notes] and [#omitted] say
///   what
/// @param summary the model's own words about the change, not neutralised; may be empty
/// @param findings to be posted at their lines, most severe first, at most as many as asked for
/// @param further anchored too, but below the severity or beyond the number: for the summary
/// @param unanchored what could not be tied to a line: for the summary, without weight
/// @param omitted every file that was left out, once each
/// @param notes what a person should know of this run, in our own words
public record Review(
    String headSha,
    Verdict verdict,
    boolean partial,
    String summary,
    List<Finding> findings,
    List<Finding> further,
    List<Finding> unanchored,
    List<Omitted> omitted,
    List<String> notes,
    Usage usage) {
  /// How a note begins which says that an answer could not be read at all.
  public static final String UNREADABLE = "the model's answer is not the JSON object asked for";

  private static final int MAX_REASON = 200;

  public Review {
    findings = List.copyOf(findings);
    further = List.copyOf(further);
    unanchored = List.copyOf(unanchored);
    omitted = List.copyOf(omitted);
    notes = List.copyOf(notes);
  }

  /// Every anchored finding, most severe first.
  public List<Finding> anchored() {
    return Stream.concat(findings.stream(), further.stream())
        .sorted(Ranking.MOST_SEVERE_FIRST)
        .toList();
  }

  public Review plusUsage(Usage more) {
    return new Review(
        headSha,
        verdict,
        partial,
        summary,
        findings,
        further,
        unanchored,
        omitted,
        notes,
        usage.plus(more));
  }

  public Review withNote(String note) {
    return new Review(
        headSha,
        verdict,
        partial,
        summary,
        findings,
        further,
        unanchored,
        omitted,
        Stream.concat(notes.stream(), Stream.of(note)).toList(),
        usage);
  }

  /// Without a finding that was refuted, which a note names.
  Review without(Finding refuted, String reason) {
    List<Finding> left = findings.stream().filter(one -> !one.equals(refuted)).toList();
    List<Finding> others = further.stream().filter(one -> !one.equals(refuted)).toList();
    String what =
        "%s at %s:%d: %s"
            .formatted(
                refuted.severity(),
                Visible.path(refuted.path()),
                refuted.line(),
                cut(refuted.claim()));
    return new Review(
            headSha,
            Conclusion.verdict(Stream.concat(left.stream(), others.stream()).toList(), partial),
            partial,
            summary,
            left,
            others,
            unanchored,
            omitted,
            notes,
            usage)
        .withNote("refuted by the second pass: " + what + " (" + cut(reason) + ")");
  }

  /// With only those findings which are news to the reader: the others are left out, and what stood
  /// behind them moves up to the lines.
  ///
  /// @param untold a note about what was left out; empty for none
  public Review telling(Predicate<Finding> news, ReviewOptions options, String untold) {
    List<Finding> told = new ArrayList<>();
    List<Finding> others = new ArrayList<>();
    for (Finding finding : anchored()) {
      if (!news.test(finding)) {
        continue;
      }
      boolean inline =
          finding.severity().atLeast(options.inlineFrom()) && told.size() < options.maxInline();
      (inline ? told : others).add(finding);
    }
    Review left =
        new Review(
            headSha,
            Conclusion.verdict(Stream.concat(told.stream(), others.stream()).toList(), partial),
            partial,
            summary,
            told,
            others,
            unanchored,
            omitted,
            notes,
            usage);
    return untold.isEmpty() ? left : left.withNote(untold);
  }

  private static String cut(String words) {
    return Description.cut(
        Visible.line(Secrets.masked(words).replaceAll("\\s+", " ").strip()), MAX_REASON);
  }
}
